# Against a running server, whose address JISI_SERVER gives. Run in this folder.
options(warn = 2)
source("jisi.R")
kb <- jisi(Sys.getenv("JISI_SERVER"))
total <- jisi_query(kb, "{ cases { totalCount } }")$cases$totalCount

list_of <- "query($first: Int, $after: String) { cases(first: $first, after: $after) {
  nodes { slug } pageInfo { hasNextPage endCursor } } }"
slugs <- vapply(jisi_records(kb, list_of, list(first = 4)), function(r) r$slug, "")
stopifnot(length(slugs) == total, !anyDuplicated(slugs))

cases <- jisi_frame(jisi_cases(kb))
stopifnot(nrow(cases) == total, setequal(cases$slug, slugs), c("title", "committee.name", "topics.name") %in% names(cases))
local <- jisi_frame(jisi_cases(kb, filter = list(regions = I("220104"))))
stopifnot(nrow(local) >= 1, nrow(local) < total)

# Every quote stands in its source, counted in code points as R does.
sources <- jisi_query(kb, "{ sources { nodes { slug text } } }")$sources$nodes
texts <- stats::setNames(lapply(sources, function(s) s$text), vapply(sources, function(s) s$slug, ""))
for (case in jisi_cases(kb, fields = "slug citations { quote start end source { slug } }")) {
  for (quoted in case$citations) {
    stopifnot(substr(texts[[quoted$source$slug]], quoted$start + 1, quoted$end) == quoted$quote)
  }
}

hits <- jisi_search(kb, "协商", kinds = c("CASE", "BRAND"))
count <- jisi_query(kb, 'query($q: String!) { search(query: $q, kinds: [CASE, BRAND]) { totalCount } }', list(q = "协商"))
stopifnot(length(hits) == count$search$totalCount, length(hits) > 0)
stopifnot(!is.unsorted(rev(vapply(hits, function(h) h$score, 0))))

matrix <- jisi_matrix(kb, "LEVEL", "ORIGIN")
stopifnot(sum(matrix) == total, attr(matrix, "total") == total)

refused <- tryCatch(jisi_query(kb, "{ cases(first: 5000) { totalCount } }"), jisi_error = identity)
stopifnot(inherits(refused, "jisi_error"), refused$code == "INVALID", refused$path == "cases")

path <- tempfile(fileext = ".csv")
jisi_write_csv(cbind(cases, formula = "=1+1"), path)
back <- utils::read.csv(path, fileEncoding = "UTF-8-BOM", check.names = FALSE)
stopifnot(nrow(back) == total, identical(back$title, cases$title), all(back$formula == "'=1+1"))
cat("all of it holds\n")
