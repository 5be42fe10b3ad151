//! The whole program as one crate that nobody else uses: what is called by nobody is dead here, though it is public in the
//! library. `.ci/run` has it compiled; it is never run.

#![deny(dead_code)]
#![expect(
    unused_imports,
    unreachable_pub,
    reason = "here nothing is public; in the library it is"
)]

extern crate self as invalidash;

mod app;
mod cli;
mod domain;
mod emulator;
mod engine;
mod headless;
#[path = "main.rs"]
mod program;
mod runtime;
mod settings;
mod ui;

fn main() -> std::process::ExitCode {
    program::main()
}

/// What stories and benchmarks alone use. Whatever else nobody calls is an error.
#[expect(dead_code, reason = "it names, and does nothing")]
fn used_by_stories<Client: aws_smithy_runtime_api::client::http::HttpClient + 'static>(client: Client) {
    use domain::lint::Line;
    use emulator::{Emulator, Fault, Request};
    use runtime::{credentials, edge, terminal};
    let _ = (
        Emulator::inject,
        Emulator::clear_faults,
        Emulator::settings,
        Emulator::received,
    );
    let _ = (
        Emulator::calls,
        Emulator::put,
        Emulator::put_tenant,
        Emulator::forget_received,
    );
    let _ = (Emulator::remove, Emulator::publish);
    let _ = |emulator: &Emulator| emulator.configure(|_| ());
    let _ = (
        Fault::new,
        Fault::on,
        Fault::at,
        Fault::after,
        Fault::times,
        Fault::always,
        Fault::committed,
    );
    let _ = (emulator::server::Listening::port, Request::with_method);
    let _ = |target: &str| Request::post(target, "");
    let _ = (Line::item, Line::diagnostics);
    let _ = |hits: &app::pointer::Hits| hits.iter().count();
    let _ = (edge::Edge::of_visitor, credentials::Environment::of);
    let _ = |connection: credentials::Connection| connection.over(client);
    let _ = (ui::Theme::named, terminal::Guard::terminal);
    let _ = |theme: &ui::Theme| theme.name;
}
