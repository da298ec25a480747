-- The audit trail only grows: the database itself refuses everything but the entry that follows the last one, from its
-- owner and in replica mode too (ENABLE ALWAYS). Who disables the triggers is found by `commander audit verify`.
INSERT INTO commander.audit_head (sequence, hash) VALUES (0, repeat('0', 64));
--> statement-breakpoint
CREATE FUNCTION commander.audit_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE commander.audit_head SET sequence = NEW.sequence, hash = NEW.hash
    WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous_hash;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'commander.audit_events is append-only: entry % does not follow the last one', NEW.sequence
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION commander.audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'commander.% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE FUNCTION commander.audit_head_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Depth 2: fired by audit_append.
  IF pg_trigger_depth() < 2 OR NEW.sequence <> OLD.sequence + 1 THEN
    RAISE EXCEPTION 'commander.audit_head is append-only: only a new entry moves it' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_events_append BEFORE INSERT ON commander.audit_events
  FOR EACH ROW EXECUTE FUNCTION commander.audit_append();
--> statement-breakpoint
CREATE TRIGGER audit_events_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON commander.audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION commander.audit_refuse();
--> statement-breakpoint
CREATE TRIGGER audit_head_moves BEFORE UPDATE ON commander.audit_head
  FOR EACH ROW EXECUTE FUNCTION commander.audit_head_moves();
--> statement-breakpoint
CREATE TRIGGER audit_head_refuse BEFORE INSERT OR DELETE OR TRUNCATE ON commander.audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION commander.audit_refuse();
--> statement-breakpoint
ALTER TABLE commander.audit_events ENABLE ALWAYS TRIGGER audit_events_append, ENABLE ALWAYS TRIGGER audit_events_refuse;
--> statement-breakpoint
ALTER TABLE commander.audit_head ENABLE ALWAYS TRIGGER audit_head_moves, ENABLE ALWAYS TRIGGER audit_head_refuse;
