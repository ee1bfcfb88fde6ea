create trigger audit_events_stay_as_written before update on audit_events
begin
    select raise(abort, 'the audit log is append-only');
end;

create trigger audit_events_stay before delete on audit_events
begin
    select raise(abort, 'the audit log is append-only');
end;
