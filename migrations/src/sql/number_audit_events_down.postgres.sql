alter table audit_events drop column sequence;
create index "ix_audit_events_subject_kind_subject_id_at" on audit_events (subject_kind, subject_id, at);
