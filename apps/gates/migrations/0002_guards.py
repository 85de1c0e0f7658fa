"""What the database itself refuses about rounds, checks and votes, and about changing what is append-only.

The rules of promise 1 hold against every way in: a service with a bug, a shell, raw SQL in the app's role. Functions
that lock rows of append-only tables are SECURITY DEFINER, because a row lock needs the UPDATE right that the app's
role does not have; their search_path is fixed, so that nobody can put a table of their own in front.
Every refusal carries the name of its rule as CONSTRAINT, which ``apps.gates.guards`` turns into an error for people.
"""

from django.db import migrations

APPEND_ONLY = """
-- Why a trigger beside the missing grants: a grant given by mistake must not open the record of what people decided.
CREATE FUNCTION guard_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or deleted.', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only', TABLE = TG_TABLE_NAME;
END $$;

-- Only the owner of the table (migrations, and tests between two stories) may empty it.
CREATE FUNCTION guard_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        RAISE EXCEPTION '% can''t be emptied.', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['gates_vote', 'gates_clearance', 'gates_clearanceseat', 'gates_revocation',
                                'gates_gatedefinition', 'core_event', 'core_auditlink', 'goals_brief'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I '
                       'FOR EACH ROW EXECUTE FUNCTION guard_append_only()', name);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION guard_truncate()', name);
    END LOOP;
END $$;
"""

ROUNDS = """
-- A round's rule is the newest definition's, with the owner's group filled in, or the one seat of solo mode while the
-- switch is on. Otherwise whoever writes a round would write themselves an easier rule.
CREATE FUNCTION guard_round_rule() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gate record;
    definition record;
    solo_mode boolean;
    wanted jsonb;
BEGIN
    SELECT g.code, grp.slug AS owners INTO gate FROM gates_gate g
        JOIN goals_goal goal ON goal.id = g.goal_id JOIN accounts_group grp ON grp.id = goal.group_id
        WHERE g.id = NEW.gate_id;
    SELECT * INTO definition FROM gates_gatedefinition WHERE id = NEW.definition_id;
    SELECT coalesce((SELECT value FROM core_installationsetting WHERE name = 'solo_mode'), 'true') = 'true'
        INTO solo_mode;
    IF definition.code IS DISTINCT FROM gate.code
        OR EXISTS (SELECT FROM gates_gatedefinition d WHERE d.code = definition.code AND d.version > definition.version)
    THEN
        RAISE EXCEPTION 'A round follows the newest definition of its gate.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_follows_its_definition';
    END IF;
    IF solo_mode THEN
        wanted := jsonb_build_array(jsonb_build_object('seat', 'solo', 'groups', jsonb_build_array('*')));
    ELSE
        SELECT jsonb_agg(jsonb_build_object('seat', s.value -> 'seat', 'groups', (
                   SELECT jsonb_agg(CASE WHEN x.value = '"@owner"' THEN to_jsonb(gate.owners) ELSE x.value END
                                    ORDER BY x.ordinality)
                   FROM jsonb_array_elements(s.value -> 'groups') WITH ORDINALITY x)) ORDER BY s.ordinality)
            INTO wanted FROM jsonb_array_elements(definition.rule -> 'seats') WITH ORDINALITY s;
    END IF;
    IF NEW.solo IS DISTINCT FROM solo_mode
        OR NEW.rule -> 'solo' IS DISTINCT FROM to_jsonb(solo_mode)
        OR NEW.rule -> 'seats' IS DISTINCT FROM wanted
        OR NEW.rule -> 'blocking' IS DISTINCT FROM definition.blocking_checks
        OR NEW.rule -> 'conditions' IS DISTINCT FROM coalesce(definition.rule -> 'conditions', 'true')
        OR jsonb_typeof(NEW.rule -> 'excluded') IS DISTINCT FROM 'object'
        OR NEW.outcome <> '' OR NEW.evidence_digest <> '' OR NEW.evidence IS NOT NULL
    THEN
        RAISE EXCEPTION 'A round begins empty, with the rule of its gate''s definition.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_follows_its_definition';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_follows_its_definition BEFORE INSERT ON gates_round
    FOR EACH ROW EXECUTE FUNCTION guard_round_rule();

-- What people decide on stays what it was: the rule from the first moment, the evidence once it is frozen, and
-- everything once the round has its outcome.
CREATE FUNCTION guard_round_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.evidence_digest = '' THEN RETURN OLD; END IF;
    ELSIF (NEW.gate_id, NEW.number, NEW.definition_id, NEW.rule, NEW.solo, NEW.began_at)
            IS NOT DISTINCT FROM (OLD.gate_id, OLD.number, OLD.definition_id, OLD.rule, OLD.solo, OLD.began_at)
        AND (OLD.evidence_digest = '' OR (NEW.evidence, NEW.evidence_digest, NEW.tree, NEW.opened_at)
            IS NOT DISTINCT FROM (OLD.evidence, OLD.evidence_digest, OLD.tree, OLD.opened_at))
        AND (OLD.outcome = '' OR NEW IS NOT DISTINCT FROM OLD)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A round keeps its rule, its evidence and its outcome.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'round_is_frozen';
END $$;
CREATE TRIGGER round_is_frozen BEFORE UPDATE OR DELETE ON gates_round
    FOR EACH ROW EXECUTE FUNCTION guard_round_frozen();

-- Checks are part of the evidence: once it is frozen, none is added, mended or taken away.
CREATE FUNCTION guard_check_frozen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE rounds bigint;
BEGIN
    PERFORM FROM gates_round WHERE id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.round_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.round_id END)
        ORDER BY id FOR SHARE;
    SELECT count(*) INTO rounds FROM gates_round WHERE evidence_digest <> '' AND id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.round_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.round_id END);
    IF rounds > 0 THEN
        RAISE EXCEPTION 'The checks of a round are frozen with its evidence.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'check_is_frozen';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER check_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON gates_check
    FOR EACH ROW EXECUTE FUNCTION guard_check_frozen();
"""

VOTES = """
-- A vote is about evidence that is on the table now. The gate is locked FOR SHARE, so that none slips in beside the
-- transaction that closes it.
CREATE FUNCTION guard_vote() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE live record;
BEGIN
    PERFORM FROM gates_gate WHERE id = (SELECT gate_id FROM gates_round WHERE id = NEW.round_id) FOR SHARE;
    SELECT r.outcome, r.evidence_digest, g.status INTO live
        FROM gates_round r JOIN gates_gate g ON g.id = r.gate_id WHERE r.id = NEW.round_id;
    IF live.outcome IS DISTINCT FROM '' OR live.status NOT IN ('open', 'deciding') THEN
        RAISE EXCEPTION 'Votes are taken only while the gate is open.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_on_an_open_gate';
    END IF;
    IF NEW.evidence_digest = '' OR NEW.evidence_digest IS DISTINCT FROM live.evidence_digest THEN
        RAISE EXCEPTION 'A vote names the evidence of its round.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_names_the_evidence';
    END IF;
    IF NEW.group_id IS NOT NULL AND NOT EXISTS (SELECT FROM accounts_person_seat_groups m
            WHERE m.person_id = NEW.person_id AND m.group_id = NEW.group_id) THEN
        RAISE EXCEPTION 'A person speaks only for a group of their own.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_for_an_own_group';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_on_an_open_gate BEFORE INSERT ON gates_vote FOR EACH ROW EXECUTE FUNCTION guard_vote();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("gates", "0001_initial"),
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
        ("goals", "0001_initial"),
    ]
    operations = [migrations.RunSQL(APPEND_ONLY), migrations.RunSQL(ROUNDS), migrations.RunSQL(VOTES)]
