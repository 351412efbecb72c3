# What needs no server. test.R, beside the package, has the rest.
library(jisi)
records <- list(
  list(slug = "a", committee = list(name = "x"), topics = list(list(name = "1"), list(name = "2"))),
  list(slug = "b", committee = NULL, topics = list())
)
frame <- jisi_frame(records)
stopifnot(identical(frame$slug, c("a", "b")), identical(frame$committee.name, c("x", NA)), frame$topics.name[1] == "1\uff1b2")
path <- tempfile(fileext = ".csv")
jisi_write_csv(data.frame(v = c("=1+1", "plain")), path)
stopifnot(identical(readBin(path, "raw", 3), as.raw(c(0xef, 0xbb, 0xbf))))
stopifnot(identical(utils::read.csv(path, fileEncoding = "UTF-8-BOM")$v, c("'=1+1", "plain")))
refused <- tryCatch(jisi("nowhere"), error = identity)
stopifnot(inherits(refused, "error"))
kb <- jisi("http://127.0.0.1:1/", token = "secret")
stopifnot(!any(grepl("secret", utils::capture.output(print(kb)))), kb$url == "http://127.0.0.1:1")
