//! What may be asked of a place.

use hazard::Note;
use kernel::UnitId;
use serde::Serialize;

/// A place as somebody typed it; nothing is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlaceDraft {
    /// Code of its kind in the reference.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Building and floor.
    pub spot: String,
    /// Outside the buildings.
    pub outside: bool,
}

/// What may be asked of a place. New codes are drawn by whoever asks: a decision draws nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum PlaceCommand {
    /// 新增
    Add {
        /// Whose place it is.
        unit: UnitId,
        /// Its code.
        code: String,
        /// What is entered.
        draft: PlaceDraft,
    },
    /// 更改
    Change(PlaceDraft),
    /// 停用
    Close(Note),
    /// 恢复
    Reopen(Note),
    /// 换码: the former code goes on pointing here.
    ReplaceCode {
        /// The new one.
        code: String,
        /// Why.
        note: Note,
    },
    /// 停用旧码: a former code points nowhere any more.
    StopCode {
        /// Which.
        code: String,
        /// Why.
        note: Note,
    },
}
