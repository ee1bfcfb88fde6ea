-- Delivered when the inserting transaction commits, once per transaction: a woken worker always finds the job.
create function notify_workers() returns trigger language plpgsql as $$
begin
    perform pg_notify('stoa_jobs', '');
    return null;
end
$$;

create trigger jobs_notify_workers
    after insert on jobs
    for each statement execute function notify_workers();
