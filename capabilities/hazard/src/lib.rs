//! Hazards 隐患: found, graded, fixed and proved
