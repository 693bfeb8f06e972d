//! Slowing down whoever tries too often: a bucket of tokens for each login and each address, in memory.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use kernel::Timestamp;

use crate::limits;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Thousandths of a token.
    level: i64,
    at: Timestamp,
}

/// Buckets by key, bounded in number.
#[derive(Debug)]
pub struct Throttle {
    burst: i64,
    refill_ms: i64,
    most: usize,
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl Throttle {
    /// Lets `burst` tries through at once and one more every `refill_ms`.
    pub fn new(burst: u32, refill_ms: i64) -> Self {
        Self {
            burst: i64::from(burst) * 1_000,
            refill_ms: refill_ms.max(1),
            most: limits::THROTTLE_KEYS,
            buckets: Mutex::default(),
        }
    }

    /// True when one more try is let through; it is counted.
    pub fn allow(&self, key: &str, now: Timestamp) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= self.most && !buckets.contains_key(key) {
            // Full buckets say nothing. If all are in use, a flood is under way: whoever is new waits, and those
            // who are known keep their count.
            buckets.retain(|_, bucket| self.level(*bucket, now) < self.burst);
            if buckets.len() >= self.most {
                return false;
            }
        }
        let bucket = buckets.entry(key.to_owned()).or_insert(Bucket { level: self.burst, at: now });
        let level = self.level(*bucket, now);
        let allowed = level >= 1_000;
        *bucket = Bucket { level: if allowed { level - 1_000 } else { level }, at: now };
        allowed
    }

    fn level(&self, bucket: Bucket, now: Timestamp) -> i64 {
        let gained = now.since_ms(bucket.at).max(0).saturating_mul(1_000) / self.refill_ms;
        bucket.level.saturating_add(gained).min(self.burst)
    }
}
