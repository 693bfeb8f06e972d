//! Waiting for what is committed: for whoever works beside the writer and looks again after every change.

use std::time::Duration;

use tokio::{sync::watch, time::sleep};

/// Commits as they come, to wait for.
#[derive(Debug)]
pub struct Commits {
    heads: watch::Receiver<u64>,
}

impl Commits {
    pub(super) const fn new(heads: watch::Receiver<u64>) -> Self {
        Self { heads }
    }

    /// Before a look: what is committed from now on is not in it.
    pub fn look(&mut self) {
        self.heads.mark_unchanged();
    }

    /// Waits for `nap`, or until something was committed since the look and more had `gather` to join it. A nap no
    /// longer than that is not cut short. False when the writer has ended.
    pub async fn rest(&mut self, nap: Duration, gather: Duration) -> bool {
        tokio::select! {
            () = sleep(nap) => true,
            changed = self.heads.changed(), if nap > gather => {
                if changed.is_ok() {
                    sleep(gather).await;
                }
                changed.is_ok()
            }
        }
    }
}
