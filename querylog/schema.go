package querylog

// The readers that have to ask for a text on each of two days stand in the index daily_attested as well: see attested.
var steps = []string{`
CREATE TABLE text (
	n        INTEGER PRIMARY KEY,
	text     TEXT NOT NULL UNIQUE,
	last     INTEGER NOT NULL, -- day it was last asked for
	total    INTEGER NOT NULL, -- documents it found
	totalled INTEGER NOT NULL  -- on this day
);
CREATE INDEX text_by_last ON text (last);

CREATE TABLE entry (
	n     INTEGER PRIMARY KEY,
	at    INTEGER NOT NULL, -- Unix time, seconds
	text  INTEGER,          -- null: not kept
	site  TEXT NOT NULL,
	total INTEGER NOT NULL,
	page  INTEGER NOT NULL,
	took  INTEGER NOT NULL  -- milliseconds
);
CREATE INDEX entry_by_at ON entry (at);

-- How many different readers asked for a text on a day.
CREATE TABLE daily (
	text    INTEGER NOT NULL,
	day     INTEGER NOT NULL,
	readers INTEGER NOT NULL,
	PRIMARY KEY (text, day)
) WITHOUT ROWID;
CREATE INDEX daily_by_day ON daily (day);
CREATE INDEX daily_attested ON daily (day, text, readers) WHERE readers >= 3;

-- How many different readers a day, summed over a week, asked for both texts within half an hour; each pair stands twice.
CREATE TABLE pair (
	week    INTEGER NOT NULL,
	text    INTEGER NOT NULL,
	other   INTEGER NOT NULL,
	readers INTEGER NOT NULL,
	PRIMARY KEY (week, text, other)
) WITHOUT ROWID;

-- What each reader has been counted for. Both are emptied two days later.
CREATE TABLE asked (
	day    INTEGER NOT NULL,
	reader TEXT NOT NULL,
	text   INTEGER NOT NULL,
	at     INTEGER NOT NULL, -- last; Unix time, seconds
	PRIMARY KEY (day, reader, text)
) WITHOUT ROWID;
CREATE TABLE paired (
	day    INTEGER NOT NULL,
	reader TEXT NOT NULL,
	text   INTEGER NOT NULL,
	other  INTEGER NOT NULL, -- greater than text
	PRIMARY KEY (day, reader, text, other)
) WITHOUT ROWID;
`}
