//! Where the parts of a page are loaded: in tasks of their own, whose log lines say of which request they are.

use std::sync::Once;

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use tokio_util::task::TaskTracker;

/// Nobody waits for these tasks but the page that they are parts of, which is waited for.
struct Traced(TaskTracker);

impl CustomExecutor for Traced {
    fn spawn(&self, work: PinnedFuture<()>) {
        self.0.spawn(domain::trace::inherit(work));
    }

    fn spawn_local(&self, work: PinnedLocalFuture<()>) {
        self.0.spawn_local(domain::trace::inherit(work));
    }

    /// Tokio drives its tasks itself.
    fn poll_local(&self) {}
}

/// From now on the pages of this process are loaded so. To be called before the framework chooses a way of its own, which it
/// does when it lists the routes.
pub(crate) fn follow_requests() {
    static CHOSEN: Once = Once::new();
    CHOSEN.call_once(|| {
        if let Err(error) = Executor::init_custom_executor(Traced(TaskTracker::new())) {
            tracing::error!(
                error = domain::trace::cause(&error),
                "lines of pages are not told apart by request"
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn what_a_page_loads_is_found_under_its_request() {
        follow_requests();
        let (tell, told) = oneshot::channel();
        let request = async {
            Executor::spawn(async move {
                tell.send(domain::trace::current()).unwrap();
            });
        };
        domain::trace::with("12345678".into(), request).await;
        assert_eq!(told.await.unwrap(), "12345678");
    }
}
