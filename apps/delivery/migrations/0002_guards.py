"""No deliverable without clearance 8 of its own goal."""

from django.db import migrations

DELIVERABLES = """
-- phase is always 8 (a check constraint), so that the key reaches clearance 8 of the same goal and no other.
ALTER TABLE delivery_deliverable
    ADD CONSTRAINT deliverable_by_its_clearance FOREIGN KEY (clearance_id, goal_id, phase)
        REFERENCES gates_clearance (id, goal_id, phase);

CREATE TRIGGER deliverable_clearance_holds BEFORE INSERT ON delivery_deliverable
    FOR EACH ROW EXECUTE FUNCTION guard_clearance_holds();

CREATE FUNCTION guard_deliverable_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A deliverable keeps its goal and clearance.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'deliverable_stays_where_it_is';
END $$;
CREATE TRIGGER deliverable_stays_where_it_is BEFORE UPDATE ON delivery_deliverable FOR EACH ROW
    WHEN ((OLD.clearance_id, OLD.goal_id, OLD.phase) IS DISTINCT FROM (NEW.clearance_id, NEW.goal_id, NEW.phase))
    EXECUTE FUNCTION guard_deliverable_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial"), ("gates", "0003_clearance_guards")]
    operations = [migrations.RunSQL(DELIVERABLES)]
