-- Only the primary key of a table counts by itself in SQLite: the table is made anew.
drop index "ix_audit_events_organization_id_at";
drop index "ix_audit_events_project_id_at";
drop index "ix_audit_events_provider_id_at";
drop index "ix_audit_events_at";
drop index "ix_audit_events_subject_kind_subject_id_at";
drop trigger audit_events_stay_as_written;
drop trigger audit_events_stay;
alter table "audit_events" rename to "audit_events_before";

create table "audit_events" (
    "sequence" integer not null primary key autoincrement,
    "id" uuid_text not null unique,
    "at" timestamp_with_timezone_text not null,
    "actor_id" uuid_text null,
    "actor_name" text not null,
    "organization_id" uuid_text null,
    "project_id" uuid_text null,
    "provider_id" uuid_text null,
    "subject_kind" text not null,
    "subject_id" uuid_text not null,
    "verb" text not null,
    "before" jsonb_text not null,
    "after" jsonb_text not null,
    "reason" text not null,
    "trace_id" text not null
);
insert into "audit_events"
          ("id", "at", "actor_id", "actor_name", "organization_id", "project_id", "provider_id",
           "subject_kind", "subject_id", "verb", "before", "after", "reason", "trace_id")
    select "id", "at", "actor_id", "actor_name", "organization_id", "project_id", "provider_id",
           "subject_kind", "subject_id", "verb", "before", "after", "reason", "trace_id"
    from "audit_events_before" order by "at", "id";
drop table "audit_events_before";

create index "ix_audit_events_subject_kind_subject_id_sequence"
    on "audit_events" ("subject_kind", "subject_id", "sequence");
create index "ix_audit_events_organization_id_at" on "audit_events" ("organization_id", "at");
create index "ix_audit_events_project_id_at" on "audit_events" ("project_id", "at");
create index "ix_audit_events_provider_id_at" on "audit_events" ("provider_id", "at");
create index "ix_audit_events_at" on "audit_events" ("at");

create trigger audit_events_stay_as_written before update on audit_events
begin
    select raise(abort, 'the audit log is append-only');
end;

create trigger audit_events_stay before delete on audit_events
begin
    select raise(abort, 'the audit log is append-only');
end;
