"""No attempt without the clearance of its own goal and phase; a start is the start of the active plan."""

from django.db import migrations

ATTEMPTS = """
-- Composite keys: the clearance and the task are of the attempt's goal and phase, so that work can't be moved in
-- front of a gate by giving it another phase, or run under another goal's clearance.
ALTER TABLE tasks_attempt
    ADD CONSTRAINT attempt_by_its_clearance FOREIGN KEY (clearance_id, goal_id, phase)
        REFERENCES gates_clearance (id, goal_id, phase),
    ADD CONSTRAINT attempt_of_its_task FOREIGN KEY (task_id, goal_id, phase)
        REFERENCES tasks_task (id, goal_id, phase);

CREATE TRIGGER attempt_clearance_holds BEFORE INSERT ON tasks_attempt
    FOR EACH ROW EXECUTE FUNCTION guard_clearance_holds();

-- What an attempt was allowed for never changes: a new attempt is made instead.
CREATE FUNCTION guard_attempt_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An attempt keeps its task, goal, phase and clearance.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'attempt_stays_where_it_is';
END $$;
CREATE TRIGGER attempt_stays_where_it_is BEFORE UPDATE ON tasks_attempt FOR EACH ROW
    WHEN ((OLD.clearance_id, OLD.task_id, OLD.goal_id, OLD.phase)
          IS DISTINCT FROM (NEW.clearance_id, NEW.task_id, NEW.goal_id, NEW.phase))
    EXECUTE FUNCTION guard_attempt_stays();
"""

TASKS = """
-- Once its plan is active a task stays in its phase, else it could run under the clearance of an earlier one.
CREATE FUNCTION guard_task_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM tasks_plan WHERE id IN (OLD.plan_id, NEW.plan_id) AND status NOT IN ('draft', 'proposed')) THEN
        RAISE EXCEPTION 'A task of an active plan keeps its goal and phase.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'task_stays_in_its_phase';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER task_stays_in_its_phase BEFORE UPDATE ON tasks_task FOR EACH ROW
    WHEN ((OLD.goal_id, OLD.phase) IS DISTINCT FROM (NEW.goal_id, NEW.phase))
    EXECUTE FUNCTION guard_task_stays();
"""

STARTS = """
-- Clearance 1 is a person's start of the plan that is active. Deferred: both are written in one transaction.
CREATE FUNCTION guard_start() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.started_by_id IS NULL OR NOT EXISTS (SELECT FROM tasks_plan p
            WHERE p.id = NEW.plan_id AND p.goal_id = NEW.goal_id AND p.status = 'active') THEN
        RAISE EXCEPTION 'Phase 1 is cleared by a person''s start of the goal''s active plan.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'start_of_the_active_plan';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER start_of_the_active_plan AFTER INSERT ON gates_clearance
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.phase = 1) EXECUTE FUNCTION guard_start();
"""


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial"), ("gates", "0003_clearance_guards")]
    operations = [migrations.RunSQL(ATTEMPTS), migrations.RunSQL(TASKS), migrations.RunSQL(STARTS)]
