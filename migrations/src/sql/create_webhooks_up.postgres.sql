alter table audit_events alter column sequence drop identity;
create sequence audit_events_sequence_seq as bigint owned by audit_events.sequence;
select setval('audit_events_sequence_seq', coalesce(max(sequence), 0) + 1, false) from audit_events;

-- The transaction has its number before the event has one: what has a lower number than an event that is read was begun by
-- a transaction that can be waited for.
-- As who owns the schema: whoever may write events needs no right on the sequence.
create function next_event_sequence() returns bigint language plpgsql volatile security definer
set search_path = pg_catalog, public as $$
begin
    perform pg_current_xact_id();
    return nextval('audit_events_sequence_seq');
end
$$;

alter table audit_events alter column sequence set default next_event_sequence();
