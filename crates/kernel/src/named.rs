//! Small closed lists whose members have a name that is stored, and such a name as an event keeps it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A member of a small closed list, known by the name that is stored. Written by [`crate::named!`].
pub trait Named: Copy + Sized {
    /// The name stored in tables and events.
    fn stored(self) -> &'static str;
    /// From the name stored in tables and events.
    fn from_stored(name: &str) -> Option<Self>;
}

/// Declares a closed list: an enum with `ALL`, `name` and `named`, written to JSON by its names.
///
/// ```
/// kernel::named! {
///     /// How bright it is.
///     pub enum Brightness {
///         /// Not very.
///         Dim = "dim",
///         /// Very.
///         Glaring = "glaring",
///     }
/// }
/// assert_eq!(Brightness::named("dim"), Some(Brightness::Dim));
/// ```
#[macro_export]
macro_rules! named {
    ($($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize,
        )]
        $vis enum $name {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name stored in tables and used in addresses.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// From the name stored in tables.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        impl $crate::Named for $name {
            fn stored(self) -> &'static str {
                self.name()
            }
            fn from_stored(name: &str) -> Option<Self> {
                Self::named(name)
            }
        }
    )*};
}

/// A name of a closed list as an event holds it. A newer program may have written one that this program does not know:
/// its text is kept as it is, it counts as nothing that is known, and whoever reads it must say what then.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coded<T> {
    /// A member of the list.
    Known(T),
    /// A name that a newer program wrote.
    Newer(String),
}

impl<T: Named> Coded<T> {
    /// From the stored name.
    pub fn read(name: &str) -> Self {
        T::from_stored(name).map_or_else(|| Self::Newer(name.to_owned()), Self::Known)
    }

    /// The stored name.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(one) => one.stored(),
            Self::Newer(name) => name,
        }
    }

    /// The member, when this program knows it.
    pub const fn known(&self) -> Option<T> {
        match self {
            Self::Known(one) => Some(*one),
            Self::Newer(_) => None,
        }
    }
}

impl<T: Named + PartialEq> Coded<T> {
    /// It is known, and is this one.
    pub fn is(&self, one: T) -> bool {
        self.known().as_ref() == Some(&one)
    }
}

impl<T> From<T> for Coded<T> {
    fn from(one: T) -> Self {
        Self::Known(one)
    }
}

impl<T: Named> Serialize for Coded<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de, T: Named> Deserialize<'de> for Coded<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|name| Self::read(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::Coded;

    crate::named! {
        /// Two of them.
        enum Lamp {
            /// Off.
            Off = "off",
            /// On.
            On = "on",
        }
    }

    #[test]
    fn a_name_from_the_future_is_kept_and_counts_as_nothing_known() {
        let read = |json: &str| serde_json::from_str::<Coded<Lamp>>(json).unwrap();
        assert_eq!(read("\"on\"").known(), Some(Lamp::On));
        let newer = read("\"flickering\"");
        assert_eq!((newer.known(), newer.name()), (None, "flickering"));
        assert_eq!(serde_json::to_string(&newer).unwrap(), "\"flickering\"");
        assert_eq!(serde_json::to_string(&Coded::Known(Lamp::Off)).unwrap(), "\"off\"");
        assert!(serde_json::from_str::<Coded<Lamp>>("1").is_err());
    }
}
