# 数量与时间的说法
say-seconds = 不到 1 分钟
say-minutes = { $count } 分钟
say-hours = { $count } 小时
say-days = { $count } 天
say-left = 还剩 { $span }
say-overdue = 逾期 { $span }
say-due-now = 就要到期
say-ago = { $span }前
say-just-now = 刚刚
say-date = { $year }年{ $month }月{ $day }日
say-many = { $count }以上
say-list-separator = 、
say-yes = 是
say-no = 否
