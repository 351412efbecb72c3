# A client of jisi, a knowledge base of consultation cases (典型案例), for R 4 and
# newer with jsonlite (Debian: r-base-core, r-cran-jsonlite).
#
#   source("clients/r/jisi.R")     # or, of the package that clients/package.sh makes: library(jisi)
#   kb <- jisi("http://127.0.0.1:8080")
#   cases <- jisi_frame(jisi_cases(kb, filter = list(regions = I("220100"))))
#   table(cases$level)
#
# It asks by GET, so it reads and does not write. A variable that is a list of one
# value is marked by I(), since R does not tell it from the value.

# jisi names a server to ask, without /graphql. A token is sent as a bearer's;
# NULL asks as an anonymous reader. timeout is in seconds.
jisi <- function(url = "http://127.0.0.1:8080", token = NULL, timeout = 60) {
  stopifnot(is.character(url), length(url) == 1, grepl("^https?://", url))
  structure(list(url = sub("/+$", "", url), token = token, timeout = timeout), class = "jisi")
}

# print.jisi shows the server without the token.
print.jisi <- function(x, ...) {
  cat("jisi", x$url, "\n")
  invisible(x)
}

# jisi_query runs a GraphQL document and returns its data as lists. It stops with a
# condition of class jisi_error, whose code is the server's (INVALID, LIMIT, …),
# where the server says that something is wrong.
jisi_query <- function(kb, document, variables = NULL) {
  address <- paste0(kb$url, "/graphql?query=", .jisi_escape(document))
  if (length(variables) > 0) {
    text <- jsonlite::toJSON(variables, auto_unbox = TRUE, null = "null", digits = NA)
    address <- paste0(address, "&variables=", .jisi_escape(text))
  }
  answer <- jsonlite::fromJSON(.jisi_get(kb, address), simplifyVector = FALSE)
  if (length(answer$errors) > 0) .jisi_stop(answer$errors[[1]])
  answer$data
}

# jisi_records returns the records of a document's one connection, all its pages. The
# document declares $after: String, passes it to the connection, and selects
# pageInfo { hasNextPage endCursor }.
jisi_records <- function(kb, document, variables = list()) {
  if (!grepl("$after", document, fixed = TRUE)) {
    stop("the document must take $after: String and pass it to its connection")
  }
  records <- list()
  repeat {
    connection <- .jisi_connection(jisi_query(kb, document, variables))
    if (is.null(connection)) return(records)
    records <- c(records, if (is.null(connection$nodes)) connection$edges else connection$nodes)
    page <- connection$pageInfo
    if (!isTRUE(page$hasNextPage) || identical(page$endCursor, variables$after)) return(records)
    variables$after <- page$endCursor
  }
}

# jisi_cases returns all cases of a CaseFilter; fields is a selection of GraphQL.
jisi_cases <- function(kb, filter = NULL,
                       fields = "slug title origin year level committee { name } region { code name } brand { name } topics { name }") {
  document <- paste0(
    "query Cases($filter: CaseFilter, $after: String) { cases(filter: $filter, first: 100, after: $after) { nodes { ",
    fields, " } pageInfo { hasNextPage endCursor } } }"
  )
  jisi_records(kb, document, if (is.null(filter)) list() else list(filter = filter))
}

# jisi_search returns all hits of a full-text search, best first: score and node.
jisi_search <- function(kb, query, kinds = NULL) {
  document <- "query Search($query: String!, $kinds: [RecordKind!], $after: String) {
    search(query: $query, kinds: $kinds, first: 100, after: $after) {
      edges { score node { __typename ... on Record { slug origin }
        ... on Case { title } ... on Brand { name } ... on Proposal { title } ... on Practice { title } } }
      pageInfo { hasNextPage endCursor } } }"
  variables <- list(query = query)
  if (!is.null(kinds)) variables$kinds <- I(kinds)
  jisi_records(kb, document, variables)
}

# jisi_matrix counts cases by one or two dimensions and returns a table with the
# labels as its names; its attribute total is how many different cases there are.
jisi_matrix <- function(kb, rows, columns = NULL) {
  document <- "query Matrix($rows: Dimension!, $columns: Dimension) { caseMatrix(rows: $rows, columns: $columns) {
    rows { label } columns { label } counts total } }"
  variables <- list(rows = rows)
  if (!is.null(columns)) variables$columns <- columns
  m <- jisi_query(kb, document, variables)$caseMatrix
  labels <- function(buckets) vapply(buckets, function(b) b$label, "")
  counts <- do.call(rbind, lapply(m$counts, function(row) as.integer(unlist(row))))
  dimnames(counts) <- list(labels(m$rows), if (length(m$columns) > 0) labels(m$columns) else NULL)
  structure(counts, total = m$total)
}

# jisi_frame makes records a data frame: committee { name } becomes the column
# committee.name, values of lists stand in one cell, "；" between, null is NA.
jisi_frame <- function(records) {
  rows <- lapply(records, .jisi_flatten)
  columns <- unique(unlist(lapply(rows, names)))
  # A column that is null here and an object there is the object's.
  objects <- Filter(function(c) any(startsWith(columns, paste0(c, "."))), columns)
  columns <- setdiff(columns, objects)
  cell <- function(row, column) if (is.null(row[[column]])) NA else row[[column]]
  frame <- lapply(columns, function(c) unlist(lapply(rows, cell, column = c)))
  as.data.frame(stats::setNames(frame, columns), stringsAsFactors = FALSE, check.names = FALSE)
}

# jisi_write_csv writes a data frame as jisi's own exports are: in UTF-8 behind a
# byte order mark, and with no cell that a spreadsheet takes for a formula.
jisi_write_csv <- function(frame, path) {
  text <- vapply(frame, is.character, TRUE)
  frame[text] <- lapply(frame[text], function(v) ifelse(grepl("^[=+@\uff1d\uff0b\uff0d\uff20'-]|^\\s|\\s$", v), paste0("'", v), v))
  file <- file(path, open = "wb")
  on.exit(close(file))
  writeBin(as.raw(c(0xef, 0xbb, 0xbf)), file)
  lines <- utils::capture.output(utils::write.csv(frame, row.names = FALSE, na = ""))
  writeBin(charToRaw(enc2utf8(paste0(paste(lines, collapse = "\r\n"), "\r\n"))), file)
  invisible(nrow(frame))
}

.jisi_get <- function(kb, address) {
  headers <- c(Accept = "application/json")
  if (!is.null(kb$token)) headers["Authorization"] <- paste("Bearer", kb$token)
  before <- options(timeout = kb$timeout)
  on.exit(options(before))
  connection <- url(address, open = "rb", method = "libcurl", headers = headers)
  on.exit(close(connection), add = TRUE)
  parts <- list()
  while (length(part <- readBin(connection, "raw", 65536)) > 0) parts[[length(parts) + 1]] <- part
  text <- rawToChar(do.call("c", parts))
  Encoding(text) <- "UTF-8"
  text
}

# .jisi_escape writes a text as a part of an address, byte by byte in UTF-8.
.jisi_escape <- function(text) {
  bytes <- charToRaw(enc2utf8(as.character(text)))
  plain <- rawToChar(bytes, multiple = TRUE) %in% c(letters, LETTERS, 0:9, "-", "_", ".", "~")
  paste(ifelse(plain, rawToChar(bytes, multiple = TRUE), paste0("%", toupper(format(bytes)))), collapse = "")
}

.jisi_stop <- function(error) {
  code <- error$extensions$code
  said <- error$extensions$message
  stop(structure(
    class = c("jisi_error", "error", "condition"),
    list(message = paste0(code, ": ", if (is.null(said)) error$message else said$en), call = NULL,
         code = code, chinese = said$zh, path = unlist(error$path))
  ))
}

.jisi_connection <- function(value) {
  for (below in value) {
    if (!is.list(below) || is.null(names(below))) next
    if (!is.null(below$pageInfo) && ("nodes" %in% names(below) || "edges" %in% names(below))) return(below)
    found <- .jisi_connection(below)
    if (!is.null(found)) return(found)
  }
  NULL
}

# What stands between the values of a list in one cell: a full-width semicolon, escaped
# as the code of a package is ASCII.
.jisi_between <- "\uff1b"

.jisi_flatten <- function(record) {
  row <- list()
  for (name in names(record)) {
    value <- record[[name]]
    if (is.null(value)) {
      row[name] <- list(NULL)
    } else if (is.list(value) && !is.null(names(value))) {
      below <- .jisi_flatten(value)
      row[paste0(name, ".", names(below))] <- below
    } else if (is.list(value)) {
      row <- c(row, .jisi_flatten_list(name, value))
    } else {
      row[[name]] <- value
    }
  }
  row
}

.jisi_flatten_list <- function(name, items) {
  if (length(items) == 0) return(stats::setNames(list(""), name))
  if (!is.list(items[[1]])) return(stats::setNames(list(paste(unlist(items), collapse = .jisi_between)), name))
  rows <- lapply(items, .jisi_flatten)
  columns <- unique(unlist(lapply(rows, names)))
  cells <- lapply(columns, function(c) {
    paste(vapply(rows, function(r) if (is.null(r[[c]])) "" else as.character(r[[c]]), ""), collapse = .jisi_between)
  })
  stats::setNames(cells, paste0(name, ".", columns))
}
