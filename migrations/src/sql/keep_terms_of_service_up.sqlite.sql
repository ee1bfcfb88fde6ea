-- When they were last changed, and by whom, stands in the log.
insert into offering_terms (offering_id, version, "text", created_at, created_by)
select o.id, o.terms_version, o.terms_of_service, coalesce(changed."at", o.created_at),
    (select u.id from users u where u.id = changed.actor_id)
from offerings o
left join audit_events changed on changed.sequence = (
    select max(e.sequence) from audit_events e
    where e.subject_kind = 'offering' and e.subject_id = o.id and e.verb = 'offering.revised'
        and json_extract(e."after", '$.terms_changed') = 1
);
