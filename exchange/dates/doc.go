// Package dates reads dates and periods as people write them in Chinese offices:
// 二〇二一年七月, 2021年7—9月, 2021.7.5上午, 2021年上半年. It takes no more than is
// written: half a year is its year, and the reading says that it is less exact.
//
// It knows no records and no cells; cell calls it for tables, reading for
// documents, and web for what is typed into forms.
package dates
