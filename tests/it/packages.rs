//! Packages: what the scripts in `packaging/` produce, and that every version number in them equals the one in
//! `Cargo.toml`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PROGRAM: &str = env!("CARGO_BIN_EXE_invalidash");
const VERSION: &str = env!("CARGO_PKG_VERSION");
const TARGETS: [&str; 4] = [
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
];

/// What a Debian package holds besides folders.
const FILES_OF_DEB: [&str; 9] = [
    "./usr/bin/invalidash",
    "./usr/share/bash-completion/completions/invalidash",
    "./usr/share/doc/invalidash/SECURITY.md",
    "./usr/share/doc/invalidash/changelog.gz",
    "./usr/share/doc/invalidash/copyright",
    "./usr/share/doc/invalidash/examples/config.toml",
    "./usr/share/fish/vendor_completions.d/invalidash.fish",
    "./usr/share/man/man1/invalidash.1.gz",
    "./usr/share/zsh/vendor-completions/_invalidash",
];

/// What an archive holds below its one folder.
const FILES_OF_TARBALL: [&str; 10] = [
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "invalidash",
    "share/_invalidash",
    "share/config.toml",
    "share/invalidash.1",
    "share/invalidash.bash",
    "share/invalidash.fish",
];

/// Runs a script of `packaging/` to its end.
fn script(name: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(Path::new(ROOT).join("packaging").join(name));
    command.args(arguments).current_dir(ROOT);
    // Compression is slow and not tested here; the time would be that of the last commit.
    command
        .env("COMPRESSION", "none")
        .env("SOURCE_DATE_EPOCH", "1700000000");
    command.output().unwrap()
}

/// The standard output of what has to succeed.
fn said(output: &Output) -> String {
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {complaint}", output.status);
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

fn is_here(tool: &str) -> bool {
    Command::new(tool)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Stands for the program in a package: a few bytes that run it, since packing a build for tests takes long.
fn small_program(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("invalidash");
    fs::write(&path, format!("#!/bin/sh\nexec '{PROGRAM}' \"$@\"\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Packs with a script into a folder of its own and gives the package's path.
fn packed(script_name: &str, platform: &str, folder: &TempDir, place: &str) -> String {
    let program = small_program(folder);
    let out = folder.path().join(place);
    let output = script(
        script_name,
        &[program.to_str().unwrap(), platform, out.to_str().unwrap()],
    );
    said(&output).trim_end().to_owned()
}

/// Sums as `sha256sum` prints them, each the number of its line.
fn sums(targets: &[&str]) -> String {
    let line = |(n, target): (usize, &&str)| format!("{n:064x}  invalidash-{VERSION}-{target}.tar.gz\n");
    targets.iter().enumerate().map(line).collect()
}

#[test]
fn a_debian_package_holds_the_program_its_manual_and_completions() {
    if !is_here("dpkg-deb") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let package = packed("deb", "amd64", &folder, "out");
    let deb = |arguments: &[&str]| said(&Command::new("dpkg-deb").args(arguments).output().unwrap());

    assert!(
        package.ends_with(&format!("/invalidash_{VERSION}_amd64.deb")),
        "{package}"
    );
    assert_eq!(deb(&["--field", &package, "Version"]).trim(), VERSION);
    // A static program depends on nothing.
    assert_eq!(deb(&["--field", &package, "Depends"]).trim(), "");
    let listing = deb(&["--contents", &package]);
    let files = listing.lines().filter(|line| line.starts_with('-'));
    let mut names: Vec<_> = files
        .clone()
        .map(|line| line.split_whitespace().last().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, FILES_OF_DEB);
    assert!(files.clone().all(|line| line.contains(" root/root ")), "{listing}");

    let tree = folder.path().join("tree");
    deb(&["--extract", &package, tree.to_str().unwrap()]);
    let completions = tree.join("usr/share/bash-completion/completions/invalidash");
    let printed = Command::new(PROGRAM).args(["completions", "bash"]).output().unwrap();
    assert_eq!(fs::read(completions).unwrap(), printed.stdout);
    let page = tree.join("usr/share/man/man1/invalidash.1.gz");
    let page = said(&Command::new("gzip").arg("-dc").arg(page).output().unwrap());
    assert!(page.contains(&format!("\"invalidash {VERSION}\"")), "{page}");
    assert_eq!(
        page.as_bytes(),
        Command::new(PROGRAM).arg("man").output().unwrap().stdout
    );
}

#[test]
fn an_archive_holds_the_same() {
    if !is_here("tar") || !cfg!(target_os = "linux") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let archive = packed("tarball", TARGETS[0], &folder, "out");
    let name = format!("invalidash-{VERSION}-{}", TARGETS[0]);

    assert!(archive.ends_with(&format!("/{name}.tar.gz")), "{archive}");
    let listing = said(&Command::new("tar").args(["-tzf", &archive]).output().unwrap());
    let below = listing
        .lines()
        .map(|line| line.strip_prefix(&format!("{name}/")).unwrap());
    let files: Vec<_> = below.filter(|path| !path.is_empty() && !path.ends_with('/')).collect();
    assert_eq!(files, FILES_OF_TARBALL);
}

#[test]
fn a_package_that_is_made_twice_has_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    for (script_name, platform, tool) in [("deb", "amd64", "dpkg-deb"), ("tarball", TARGETS[0], "tar")] {
        if is_here(tool) && cfg!(target_os = "linux") {
            let [first, second] = ["first", "second"].map(|place| packed(script_name, platform, &folder, place));
            assert_ne!(first, second);
            assert!(fs::read(first).unwrap() == fs::read(second).unwrap(), "{script_name}");
        }
    }
}

#[test]
fn recipes_have_the_version_of_cargo_toml_and_a_checksum_for_each_platform() {
    let folder = TempDir::new().unwrap();
    let list = folder.path().join("SHA256SUMS");
    fs::write(&list, sums(&TARGETS)).unwrap();
    let out = folder.path().join("out");
    let arguments = [
        "https://forge.example/invalidash",
        list.to_str().unwrap(),
        out.to_str().unwrap(),
    ];
    said(&script("recipes", &arguments));

    let recipe = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    assert!(recipe("invalidash.rb").contains(&format!("version \"{VERSION}\"")));
    assert!(recipe("PKGBUILD").contains(&format!("pkgver={VERSION}\n")));
    assert!(recipe("invalidash.spec").contains(&format!("Version:        {VERSION}\n")));
    for name in ["invalidash.rb", "PKGBUILD", "invalidash.spec"] {
        let recipe = recipe(name);
        assert!(
            !recipe.contains("@SHA") && !recipe.contains("@VERSION") && !recipe.contains("@HOME"),
            "{recipe}"
        );
        assert!(
            recipe.contains("https://forge.example/invalidash/releases/download/v"),
            "{recipe}"
        );
    }
    for (n, target) in TARGETS.iter().enumerate() {
        let (formula, sum) = (recipe("invalidash.rb"), format!("{n:064x}"));
        let after = formula.split_once(&format!("-{target}.tar.gz\"")).unwrap().1;
        assert!(
            after.trim_start().starts_with(&format!("sha256 \"{sum}\"")),
            "{formula}"
        );
    }
}

/// What can read a recipe reads it, where it is installed.
#[test]
fn recipes_are_read_by_those_for_whom_they_are_written() {
    let folder = TempDir::new().unwrap();
    let list = folder.path().join("SHA256SUMS");
    fs::write(&list, sums(&TARGETS)).unwrap();
    let out = folder.path().join("out");
    let arguments = [
        "https://forge.example/invalidash",
        list.to_str().unwrap(),
        out.to_str().unwrap(),
    ];
    said(&script("recipes", &arguments));

    let file = |name: &str| out.join(name).to_str().unwrap().to_owned();
    let flake = Path::new(ROOT).join("flake.nix").to_str().unwrap().to_owned();
    let readers: [(&str, &[&str], String); 4] = [
        ("bash", &["-n"], file("PKGBUILD")),
        ("ruby", &["-c"], file("invalidash.rb")),
        ("rpmspec", &["-P"], file("invalidash.spec")),
        ("nix-instantiate", &["--parse"], flake),
    ];
    for (reader, arguments, file) in readers.iter().filter(|(reader, ..)| is_here(reader)) {
        said(&Command::new(reader).args(*arguments).arg(file).output().unwrap());
    }
}

#[test]
fn no_recipe_is_written_without_a_checksum() {
    let folder = TempDir::new().unwrap();
    let list = folder.path().join("SHA256SUMS");
    fs::write(&list, sums(&TARGETS[..3])).unwrap();
    let out = folder.path().join("out");
    let output = script(
        "recipes",
        &["https://forge.example/i", list.to_str().unwrap(), out.to_str().unwrap()],
    );
    let complaint = String::from_utf8(output.stderr).unwrap();

    assert!(!output.status.success());
    assert!(complaint.contains(TARGETS[3]), "{complaint}");
    assert!(!out.exists());
}

/// What is written by hand takes the version from `Cargo.toml`, or is checked against it.
#[test]
fn no_file_has_a_version_of_its_own() {
    for template in ["invalidash.rb", "PKGBUILD", "invalidash.spec"] {
        let template = text(&format!("packaging/templates/{template}"));
        assert!(
            template.contains("@VERSION@") && !template.contains(VERSION),
            "{template}"
        );
    }
    let flake = text("flake.nix");
    assert!(flake.contains("version = manifest.version;") && !flake.contains(VERSION));
    for file in [
        "packaging/Containerfile",
        "packaging/deb",
        "packaging/tarball",
        ".github/workflows/release.yml",
    ] {
        assert!(!text(file).contains(VERSION), "{file}");
    }
    let newest = text("CHANGELOG.md");
    let newest = newest.lines().find_map(|line| line.strip_prefix("## ")).unwrap();
    assert!(newest.starts_with(&format!("{VERSION} ")), "{newest}");
}

/// The toolchain stands in several files, too.
#[test]
fn all_files_mean_one_toolchain() {
    let rust = env!("CARGO_PKG_RUST_VERSION");
    assert!(text("packaging/Containerfile").contains(&format!("rust:{rust}-alpine")));
    assert!(text(".github/workflows/release.yml").contains(&format!("toolchain install {rust}.0 ")));
}

/// A crate whose license nobody has agreed to stops here and not at the release.
#[test]
fn every_license_is_agreed_to() {
    if !is_here("python3") {
        return;
    }
    let notices = said(&script("notices", &[]));
    assert!(notices.contains("| rustls |") && notices.contains("Apache License"));
}

/// One TLS library, from one registry: what else came along would be seen here.
#[test]
fn dependencies_come_from_the_registry_and_bring_no_second_tls_library() {
    let lock = text("Cargo.lock");
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    for source in sources {
        assert_eq!(source, "\"registry+https://github.com/rust-lang/crates.io-index\"");
    }
    for name in ["aws-lc-sys", "openssl-sys", "native-tls", "s2n-tls-sys", "reqwest"] {
        assert!(!lock.contains(&format!("name = \"{name}\"")), "{name}");
        assert!(text("deny.toml").contains(&format!("    \"{name}\",\n")), "{name}");
    }
}
