"""What makes a clearance: Python finds the matching of votes to seats, the database checks it (design, promise 1)."""

from django.db import migrations

REVOKING = """
-- Locks keep "is it revoked?" true until the commit only when each statement sees what was committed before it.
CREATE FUNCTION guard_read_committed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Clearances are used and revoked in transactions that are read committed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'clearance_read_committed';
    END IF;
END $$;

-- For what carries a clearance (attempts, the deliverable): FOR SHARE, so that a revocation waits for the commit.
CREATE FUNCTION guard_clearance_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM guard_read_committed();
    PERFORM FROM gates_clearance WHERE id = NEW.clearance_id FOR SHARE;
    IF EXISTS (SELECT FROM gates_revocation WHERE clearance_id = NEW.clearance_id) THEN
        RAISE EXCEPTION 'This clearance was revoked.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'clearance_revoked';
    END IF;
    RETURN NEW;
END $$;

-- A revocation waits for attempts that are just being made; afterwards none can be.
CREATE FUNCTION guard_revocation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM guard_read_committed();
    PERFORM FROM gates_clearance WHERE id = NEW.clearance_id FOR UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER revocation_locks BEFORE INSERT ON gates_revocation FOR EACH ROW EXECUTE FUNCTION guard_revocation();

-- One clearance in force per goal and phase. No index can reach the revocations: the goal and phase are locked instead.
CREATE FUNCTION guard_one_clearance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM guard_read_committed();
    PERFORM pg_advisory_xact_lock(hashtextextended('clearance ' || NEW.goal_id || ' ' || NEW.phase, 0));
    IF EXISTS (SELECT FROM gates_clearance c WHERE c.goal_id = NEW.goal_id AND c.phase = NEW.phase
               AND NOT EXISTS (SELECT FROM gates_revocation v WHERE v.clearance_id = c.id)) THEN
        RAISE EXCEPTION 'Phase % of this goal is cleared already.', NEW.phase
            USING ERRCODE = 'check_violation', CONSTRAINT = 'one_clearance_in_force';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_clearance_in_force BEFORE INSERT ON gates_clearance
    FOR EACH ROW EXECUTE FUNCTION guard_one_clearance();
"""

SEATS = """
CREATE FUNCTION guard_refuse(rule_name text, sentence text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation', CONSTRAINT = rule_name;
END $$;

-- Which latest votes of a round are overrides that count.
CREATE FUNCTION guard_overrides(in_round uuid, rule jsonb) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(DISTINCT v.person_id) FROM gates_vote v JOIN accounts_person p ON p.id = v.person_id AND p.is_active
    WHERE v.round_id = in_round AND v.verdict = 'override'
      AND v.id = (SELECT max(o.id) FROM gates_vote o WHERE o.round_id = v.round_id AND o.person_id = v.person_id)
      AND EXISTS (SELECT FROM accounts_person_seat_groups m WHERE m.person_id = v.person_id)
      AND (rule -> 'solo' = 'true' OR jsonb_array_length(rule -> 'seats') < 2
           OR NOT rule -> 'excluded' ? v.person_id::text)
$$;

-- Every seat of the frozen rule has its person; each vote is that person's latest of this round, approves, and rests
-- on the frozen evidence; each person belongs to a group of the seat now.
CREATE FUNCTION guard_seats(c gates_clearance, r gates_round) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE s record;
BEGIN
    IF jsonb_array_length(r.rule -> 'seats') = 0
        OR (SELECT count(*) FROM gates_clearanceseat WHERE clearance_id = c.id) <> jsonb_array_length(r.rule -> 'seats')
        OR EXISTS (SELECT FROM jsonb_array_elements(r.rule -> 'seats') w(asked) WHERE NOT EXISTS (
            SELECT FROM gates_clearanceseat f WHERE f.clearance_id = c.id AND f.seat = w.asked ->> 'seat'))
    THEN
        PERFORM guard_refuse('clearance_seats_filled', 'A clearance needs every seat of its rule filled.');
    END IF;
    IF (SELECT count(DISTINCT v.person_id) FROM gates_clearanceseat f JOIN gates_vote v ON v.id = f.vote_id
        WHERE f.clearance_id = c.id) <> jsonb_array_length(r.rule -> 'seats') THEN
        PERFORM guard_refuse('clearance_persons_distinct', 'Each seat of a clearance needs a person of its own.');
    END IF;
    FOR s IN SELECT f.seat, f.person_id AS sitting, v.*, p.is_active,
                    (SELECT w.asked -> 'groups' FROM jsonb_array_elements(r.rule -> 'seats') w(asked)
                     WHERE w.asked ->> 'seat' = f.seat) AS groups
             FROM gates_clearanceseat f JOIN gates_vote v ON v.id = f.vote_id JOIN accounts_person p ON p.id = v.person_id
             WHERE f.clearance_id = c.id LOOP
        IF s.round_id <> r.id OR s.person_id <> s.sitting OR s.evidence_digest <> r.evidence_digest THEN
            PERFORM guard_refuse('seat_vote_of_this_round', 'A seat is filled by a vote of its person about this round.');
        END IF;
        IF s.id <> (SELECT max(o.id) FROM gates_vote o WHERE o.round_id = r.id AND o.person_id = s.person_id) THEN
            PERFORM guard_refuse('seat_vote_is_latest', 'A seat is filled by the latest vote of its person.');
        END IF;
        IF s.verdict NOT IN ('approve', 'approve_with_conditions', 'override') THEN
            PERFORM guard_refuse('seat_vote_approves', 'A seat is filled by a vote that approves.');
        END IF;
        IF NOT s.is_active OR NOT EXISTS (
            SELECT FROM accounts_person_seat_groups m JOIN accounts_group g ON g.id = m.group_id
            WHERE m.person_id = s.person_id AND (s.groups ? '*' OR s.groups ? g.slug)
              AND (s.group_id IS NULL OR s.group_id = g.id))
        THEN
            PERFORM guard_refuse('seat_person_in_group', 'A seat is filled by a member of one of its groups.');
        END IF;
        IF r.rule -> 'solo' <> 'true' AND jsonb_array_length(r.rule -> 'seats') > 1
            AND r.rule -> 'excluded' ? s.person_id::text
        THEN
            PERFORM guard_refuse('seat_person_counts', 'Who submitted or edited does not count towards a rule of two.');
        END IF;
    END LOOP;
END $$;

-- No blocking check unanswered: passed, or named in a condition, or overridden by two persons.
CREATE FUNCTION guard_checks(c gates_clearance, r gates_round) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    overridden boolean := guard_overrides(r.id, r.rule) >= 2;
    unanswered text;
BEGIN
    IF c.override IS DISTINCT FROM EXISTS (SELECT FROM gates_clearanceseat f JOIN gates_vote v ON v.id = f.vote_id
            WHERE f.clearance_id = c.id AND v.verdict = 'override') OR (c.override AND NOT overridden) THEN
        PERFORM guard_refuse('clearance_names_its_override', 'An override needs two persons and is named in the clearance.');
    END IF;
    IF c.override THEN RETURN; END IF;
    SELECT wanted.name INTO unanswered FROM (
        SELECT jsonb_array_elements_text(r.rule -> 'blocking') AS name
        UNION SELECT k.name FROM gates_check k WHERE k.round_id = r.id AND k.blocking) wanted
    WHERE (NOT EXISTS (SELECT FROM gates_check k WHERE k.round_id = r.id AND k.name = wanted.name
                       AND k.blocking AND k.result = 'passed')
           OR EXISTS (SELECT FROM gates_check k WHERE k.round_id = r.id AND k.name = wanted.name
                      AND k.blocking AND k.result <> 'passed'))
      AND NOT (r.rule -> 'conditions' = 'true'
               AND EXISTS (SELECT FROM gates_condition d WHERE d.round_id = r.id AND d.check_name = wanted.name)
               AND EXISTS (SELECT FROM gates_clearanceseat f JOIN gates_vote v ON v.id = f.vote_id
                           WHERE f.clearance_id = c.id AND v.verdict = 'approve_with_conditions'
                             AND v.items @> jsonb_build_array(jsonb_build_object('check', wanted.name))))
    LIMIT 1;
    IF unanswered IS NOT NULL THEN
        PERFORM guard_refuse('clearance_checks_answered', 'The check "' || unanswered || '" has not passed.');
    END IF;
END $$;

CREATE FUNCTION guard_verify_clearance(which uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE c gates_clearance; r gates_round; g gates_gate;
BEGIN
    SELECT * INTO STRICT c FROM gates_clearance WHERE id = which;
    IF c.phase = 1 THEN
        IF EXISTS (SELECT FROM gates_clearanceseat WHERE clearance_id = c.id) THEN
            PERFORM guard_refuse('clearance_seats_filled', 'The start of a plan has no seats.');
        END IF;
        RETURN;
    END IF;
    SELECT * INTO STRICT r FROM gates_round WHERE id = c.round_id;
    SELECT * INTO STRICT g FROM gates_gate WHERE id = r.gate_id;
    IF g.goal_id <> c.goal_id OR g.phase <> c.phase - 1 THEN
        PERFORM guard_refuse('clearance_of_its_gate', 'A clearance comes from the gate in front of its phase.');
    END IF;
    IF g.status <> 'passed' OR r.outcome <> 'passed' OR r.evidence_digest = '' THEN
        PERFORM guard_refuse('clearance_after_its_decision', 'A clearance is made when its gate passes.');
    END IF;
    IF c.rule IS DISTINCT FROM r.rule OR c.solo IS DISTINCT FROM r.solo THEN
        PERFORM guard_refuse('clearance_keeps_the_rule', 'A clearance names the rule that its round had.');
    END IF;
    IF NOT EXISTS (SELECT FROM gates_clearance b WHERE b.goal_id = c.goal_id AND b.phase = c.phase - 1
                   AND NOT EXISTS (SELECT FROM gates_revocation v WHERE v.clearance_id = b.id)) THEN
        PERFORM guard_refuse('clearance_follows_the_one_before', 'The phase before this one is not cleared.');
    END IF;
    IF EXISTS (SELECT FROM gates_vote v WHERE v.round_id = r.id AND v.verdict IN ('reject', 'request_changes')
               AND v.id = (SELECT max(o.id) FROM gates_vote o WHERE o.round_id = r.id AND o.person_id = v.person_id)) THEN
        PERFORM guard_refuse('clearance_without_objection', 'Somebody rejects this round or asks for changes.');
    END IF;
    IF EXISTS (SELECT FROM gates_condition d WHERE d.goal_id = c.goal_id AND d.status = 'open'
               AND d.round_id <> r.id AND d.due_phase <= g.phase) THEN
        PERFORM guard_refuse('clearance_conditions_closed', 'A condition that is due here is neither met nor waived.');
    END IF;
    PERFORM guard_seats(c, r);
    PERFORM guard_checks(c, r);
END $$;

CREATE FUNCTION guard_clearance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN PERFORM guard_verify_clearance(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION guard_clearance_seat() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN PERFORM guard_verify_clearance(NEW.clearance_id); RETURN NULL; END $$;

-- Deferred: the clearance and its seats refer to each other and are looked at together, when all of them are there.
CREATE CONSTRAINT TRIGGER clearance_is_earned AFTER INSERT ON gates_clearance
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_clearance();
CREATE CONSTRAINT TRIGGER seat_is_earned AFTER INSERT ON gates_clearanceseat
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_clearance_seat();

REVOKE ALL ON FUNCTION guard_verify_clearance(uuid), guard_overrides(uuid, jsonb),
    guard_seats(gates_clearance, gates_round), guard_checks(gates_clearance, gates_round) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("gates", "0002_guards")]
    operations = [migrations.RunSQL(REVOKING), migrations.RunSQL(SEATS)]
