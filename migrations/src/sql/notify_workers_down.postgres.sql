drop trigger jobs_notify_workers on jobs;
drop function notify_workers();
