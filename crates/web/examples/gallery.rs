//! Serves the gallery: `cargo run -p web --example gallery`, then <http://127.0.0.1:8099/gallery>.

use axum::{Router, routing::get};
use web::{Face, FormData, Prefs, assemble, gallery::Gallery, page, see_other_saying};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let sample = "疏散通道<b>堆放</b>杂物，影响通行";
    let show = async move |prefs: Prefs| page(&Gallery::sample(&prefs, sample));
    let take = async |form: FormData| {
        let files = form.files("photos").count();
        see_other_saying("/gallery", &web::Flash::done(format!("{files} photos")))
    };
    let routes = Router::new().route("/gallery", get(show).post(take));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8099").await?;
    axum::serve(listener, assemble(routes, Face::default())).await
}
