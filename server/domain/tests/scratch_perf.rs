use testkit::{Engine, Fixture, Sold, World};
#[test]
fn perf() {
    let rt = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    rt.block_on(async {
        let world = World::on(Engine::Sqlite).await;
        world.leaves_jobs();
        let provider = world.provider().await;
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("10")).selling(Sold::used("h", "hour").at("1")).await;
        let t = std::time::Instant::now();
        for _ in 0..200 {
            let c = world.customer().await;
            let p = world.project(&c).await;
            for _ in 0..5 { world.order(&c.owner, &p, &offering).fulfilled().await; }
        }
        println!("made in {:?}", t.elapsed());
        world.clock().advance(chrono::TimeDelta::hours(30));
        for _ in 0..3 {
            let t = std::time::Instant::now();
            let n = world.domain().billing().accrue_open().await.unwrap();
            println!("accrue_open {n} {:?}", t.elapsed());
            world.clock().advance(chrono::TimeDelta::minutes(5));
        }
        let t = std::time::Instant::now();
        let f = world.domain().verify().run().await.unwrap();
        println!("verify {:?} {}", t.elapsed(), f.len());
        world.clock().set("2026-03-01T10:00:00Z");
        let t = std::time::Instant::now();
        let r = world.domain().billing().close(&domain::Actor::system(), "2026-02".parse().unwrap()).await.unwrap();
        println!("close {:?} {:?}", t.elapsed(), r);
    });
}
