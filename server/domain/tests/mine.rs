#[path = "it"]
mod it {
    mod billing;
}
