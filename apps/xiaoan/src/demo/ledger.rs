//! The ledger the county kept before this platform: a few closed rows, carried over on the first day.

use anyhow::Result;
use hazard::{CarriedPeople, CarriedText, CarryOver, Hazard, HazardCommand, Level, StageCode};
use kernel::{Actor, StreamId, Timestamp};

use super::{history::History, who};

/// Category, what, where, what was done about it.
const ROWS: [(&str, &str, &str, &str); 6] = [
    ("H02", "围墙顶部砖块松动", "校园西侧围墙", "拆除松动砖块后重新砌筑压顶"),
    ("H08", "配电箱未上锁", "综合楼一楼", "加装箱锁并张贴警示标识"),
    ("H09", "篮球架底座锈蚀", "运动场", "除锈加固并做承重测试"),
    ("H11", "夜间巡查记录缺页", "门卫室", "补齐巡查簿并每日检查"),
    ("H12", "校门口流动摊点占道", "校门两侧", "协调城管划定禁摆区"),
    ("H14", "边坡落石防护网破损", "教学楼后坡", "更换防护网并清理浮石"),
];
/// One school of so many has rows in it.
const SCHOOLS: usize = 3;

impl History<'_> {
    /// As the county's office would import it; on the page it stays marked as the ledger's word.
    pub(super) fn carry_ledger(&mut self, at: Timestamp) -> Result<()> {
        let world = self.world;
        let mut dice = self.dice.fork("ledger", 0);
        let actor = world.actor(who::county(world, &mut dice));
        for (number, school) in world.schools.iter().step_by(SCHOOLS).enumerate() {
            let Some((category, what, place, measures)) = ROWS.get(number % ROWS.len()) else { continue };
            let found_at = at.plus_ms(-(120 + i64::try_from(number % 90).unwrap_or(0)) * Timestamp::DAY_MS);
            let row = CarryOver {
                unit: school.id,
                category: (*category).to_owned(),
                level: Some(Level::General),
                source: "self".to_owned(),
                found_at,
                closed: true,
                due: None,
                responsible: None,
                funds_cents: Some(50_000),
                fixed_at: Some(found_at.plus_ms(6 * Timestamp::DAY_MS)),
                closed_at: Some(found_at.plus_ms(9 * Timestamp::DAY_MS)),
                ledger_number: format!("台账{:03}", number + 1),
                row: u32::try_from(number + 3).unwrap_or(u32::MAX),
                text: CarriedText {
                    description: (*what).to_owned(),
                    place: (*place).to_owned(),
                    measures: (*measures).to_owned(),
                    ..CarriedText::default()
                },
                people: CarriedPeople::default(),
            };
            let id = StreamId(self.ids.uuid(at));
            let command = HazardCommand::CarryOver(Box::new(row));
            self.sender.send::<Hazard>(Actor::person(actor), at, id, "carry-over", command)?;
            self.carried += 1;
        }
        Ok(())
    }

    /// How many were carried over, by the name of their stage.
    pub(super) fn carried(&self) -> (String, u64) {
        (StageCode::CarriedOver.name().to_owned(), self.carried)
    }
}
