create function guard_audit_events() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end
$$;

create trigger audit_events_stay before update or delete on audit_events
    for each row execute function guard_audit_events();
