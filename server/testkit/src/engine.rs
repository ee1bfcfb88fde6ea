//! The two engines that every test runs on, and what a test gets to run with.

use std::future::Future;

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// What a test is given: made fresh on an engine, gone when dropped.
pub trait Fixture: Sized {
    /// Makes it.
    fn on(engine: Engine) -> impl Future<Output = Self> + Send;
}

/// Runs one half of a [`both_engines!`](crate::both_engines) test.
///
/// Panics when PostgreSQL is asked for and there is none, unless the environment says that SQLite is enough.
pub fn run<F: Fixture, Done: Future<Output = ()>>(engine: Engine, scenario: impl FnOnce(F) -> Done) {
    if engine == Engine::Postgres && crate::database::postgres::is_waived() {
        eprintln!("not run on PostgreSQL: STOA_TEST_SQLITE_ONLY=1");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the test");
    runtime.block_on(async { scenario(F::on(engine).await).await });
}

/// Makes two tests, `name::sqlite` and `name::postgres`, of each body. The parameter is any [`Fixture`].
///
/// ```ignore
/// both_engines! {
///     async fn a_project_needs_a_name(world: World) { … }
/// }
/// ```
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($given:ident: $fixture:ty) $body:block)+) => {$(
        // A function and a module may have one name: they are of different kinds.
        async fn $name($given: $fixture) $body

        $(#[$meta])*
        mod $name {
            #[test]
            fn sqlite() {
                $crate::run($crate::Engine::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                $crate::run($crate::Engine::Postgres, super::$name);
            }
        }
    )+};
}
