//! The variables that a connection is found by.

use std::path::{Path, PathBuf};

use aws_types::os_shim_internal::Env;

/// The environment variables of the process, or those of a test. Its `Debug` tells none of them.
#[derive(Clone)]
pub struct Environment {
    variables: Env,
    home: Option<PathBuf>,
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}

impl Environment {
    /// The variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let home = directories::BaseDirs::new().map(|folders| folders.home_dir().to_owned());
        Self {
            variables: Env::real(),
            home,
        }
    }

    /// These variables and no others.
    #[must_use]
    pub fn of(variables: &[(&str, &str)]) -> Self {
        let variables = Env::from_slice(variables);
        let home = variables.get("HOME").ok().map(PathBuf::from);
        Self { variables, home }
    }

    /// A variable that is set and not blank.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.variables.get(name).ok().filter(|value| !value.trim().is_empty())
    }

    /// Whether a switch is on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }

    /// The person's own folder.
    pub(super) fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// In the SDK's own form, for its rules of precedence.
    pub(super) fn as_sdk(&self) -> &Env {
        &self.variables
    }
}
