//! invalidash: a terminal dashboard for Amazon CloudFront cache invalidations.
//!
//! # Overview
//!
//! A pure core makes the decisions, a thin runtime carries them out, and a view displays the result.
//!
//! ```text
//! terminal, OS ──Event──▶ runtime ──Message──▶ app::update(&mut Model, Message, &Context{now, entropy}) ──▶ Vec<Effect>
//!                            ▲                                                              │
//!                            └──────── Reply (CloudFront, ledger, timer, editor) ◀─── runtime carries effects out
//!                                              ui::view(&Model, &Theme, &mut ViewMemory, &mut Frame)   when nothing is pending
//! ```
//!
//! `update` never waits, reads no clock, accesses no files and generates no random numbers. Effects cost money, so they
//! are plain data that tests can count and compare. Polling is not a background loop: the model
//! requests timers and decides what to poll next.
//!
//! # Glossary
//!
//! Each thing has one name, in the code and on screen.
//!
//! | name | meaning |
//! |---|---|
//! | event, action | input from the terminal or the system; something that the user can do, bound to keys |
//! | message, effect, reply | anything that may change the model; a request to the outside, as data; its result |
//! | page ([`app::screen::Screen`]), overlay | a full screen; a box above it |
//! | row, record | a line of a table on screen; a row of the ledger |
//! | item | one line of a batch: path, wildcard or cache tag |
//! | batch, submission, job | the items of one request; one batch for one target under one `CallerReference`; everything confirmed at once |
//! | target | a distribution or a distribution tenant |
//! | invalidation | CloudFront's object; those of a target are its [`engine::data::TargetInvalidations`] |
//! | ledger, history | the `SQLite` file; the page that lists everything recorded there |
//! | call log | the emulator's record of requests |
//! | notice, note | a message to the user; why a submission was made, typed by the user |
//! | typical time, slow after | the median completion time of a target; its 95th percentile |
//! | check the edge, edge response, verdict | request a URL as a viewer would; the response; fresh, stale, or cannot tell |
//! | suggestion, safe fix | a change to a line that may clear more or less; one that clears the same |
//! | skipped | a line that another one covers |
//! | resume | continue the unfinished work of an earlier run |
//! | not from here | an invalidation that this ledger did not create |
//!
//! # Code map
//!
//! | module | contents | may import |
//! |---|---|---|
//! | [`domain`] | nouns and rules: items and their lint, coverage, price, imports, the submission's states; pure | nothing of the crate |
//! | [`engine`] | the lower layer of the core: session, catalog, queue, watch, edge checks, ledger, drafts, notices; pure | `domain` |
//! | [`app`] | the upper layer: pages, overlays, keys, actions, the composer, `update`; the state is below the behavior ([`app::act`]); pure | `engine`, `domain` |
//! | [`ui`] | draws the model as cells; reads the model and changes nothing | `app`, `engine`, `domain`, `settings` |
//! | [`runtime`] | the only asynchronous code: loop, effects, CloudFront through the SDK, credentials, ledger, imports, the terminal and its input | `app`, `engine`, `domain`, `ui`, `settings`, `emulator` |
//! | [`headless`] | the headless commands | all but `ui` |
//! | [`cli`], [`settings`] | arguments, and the settings determined from them, the configuration file and the environment | each other, `domain` |
//! | [`emulator`] | a local CloudFront, one function from request to outcome | nothing of the crate |
//!
//! The rules in [`engine`] never call the upper layer: they change their own state, publish news for pages and
//! overlays, and receive the visible page as data. `tests/it/tidy.rs` reads the sources and enforces this table. The
//! emulator imports nothing on purpose: client and emulator are two independent interpretations of the same API.
//!
//! Files that import each other form a cycle. `tests/it/tidy/cycles.rs` finds cycles from the paths in the code,
//! including those from a parent to its children, and rejects any with more than seven files. Code shared by the
//! children of a parent is therefore in a file next to them. The two cycles of seven files are the submission machine
//! (`engine::queue`: a change to a submission starts a search, a split or the next send, each of which changes
//! submissions), and the code that reads and watches (`engine::watch`, `fleet`, `tenants`, `script`: once the account
//! is known, reads start, and a read may be what reveals the account).
//!
//! # Invariants
//!
//! 1. The core is total: no message or data makes it panic, and the view draws any model at any size from 1×1.
//! 2. Nothing that changes state is sent before the ledger has confirmed, durably, target, account, the exact ordered
//!    wire items and the `CallerReference` ([`engine::queue`]).
//! 3. A `CallerReference` is created once per submission and never changes, across retries, crashes and restarts; an
//!    edited or re-run batch gets a new one ([`domain::submission`]).
//! 4. A submission without a response is `Unknown`, not failed: it is retried with the same bytes.
//! 5. Every effect with an id gets exactly one reply; a reply whose request is no longer pending is ignored.
//! 6. Terminal output is only what `view` drew: no control character in external text reaches it
//!    ([`domain::text::visible`]).
//! 7. Every exit that can wait saves the visible changes first, for a limited time ([`app`]'s `ending`).
//! 8. The terminal is restored on return, error, panic, SIGTSTP and every signal that ends the program and can be
//!    caught, including a failed allocation and a stack overflow ([`runtime::terminal`], [`runtime::signals`],
//!    [`runtime::fatal`]).
//! 9. An idle program does nothing: no wake-up unless a timer is due.
//! 10. No secret reaches ledger, log, screen or crash report.
//!
//! # How to add
//!
//! `CONTRIBUTING.md` has a file-by-file recipe for adding an action, a page, an overlay, a diagnostic, a setting, a
//! ledger operation, a migration, an effect, a piece of news and an emulator operation.

pub mod app;
pub mod cli;
pub mod domain;
pub mod emulator;
pub mod engine;
pub mod headless;
pub mod runtime;
pub mod settings;
pub mod ui;
