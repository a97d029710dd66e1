package archive

// Times are unix milliseconds; 0 stands for the zero time.

var stateSteps = []string{`
CREATE TABLE page (
	n             INTEGER PRIMARY KEY,
	visits        INTEGER NOT NULL, -- recorded so far
	id            TEXT NOT NULL UNIQUE,
	site          TEXT NOT NULL,
	url           TEXT NOT NULL,
	role          TEXT NOT NULL,
	state         TEXT NOT NULL,
	reason        TEXT NOT NULL,
	moved_to      TEXT NOT NULL, -- id
	imported      INTEGER NOT NULL,
	next_at       INTEGER NOT NULL,
	interval      INTEGER NOT NULL, -- milliseconds
	fails         INTEGER NOT NULL,
	status        INTEGER NOT NULL,
	etag          TEXT NOT NULL,
	last_modified TEXT NOT NULL,
	content_type  TEXT NOT NULL,
	content       TEXT NOT NULL, -- SHA-256, hex
	size          INTEGER NOT NULL,
	first_seen    INTEGER NOT NULL,
	last_verified INTEGER NOT NULL,
	last_changed  INTEGER NOT NULL,
	referrer      TEXT NOT NULL, -- id
	anchor        TEXT NOT NULL,
	list_date     TEXT NOT NULL,
	change        INTEGER NOT NULL,
	deleted       INTEGER NOT NULL,
	rank          INTEGER NOT NULL GENERATED ALWAYS AS
		(CASE role WHEN 'sitemap' THEN 0 WHEN 'home' THEN 1 WHEN 'list' THEN 2 WHEN 'article' THEN 4 WHEN 'attachment' THEN 5 ELSE 3 END) STORED
);
CREATE INDEX page_due ON page (site, next_at, rank, n) WHERE next_at > 0;
CREATE UNIQUE INDEX page_change ON page (change) WHERE change > 0;
CREATE INDEX page_site ON page (site, id);
CREATE INDEX page_state ON page (site, state, last_verified);
CREATE INDEX page_moved ON page (moved_to) WHERE moved_to <> '';
CREATE INDEX page_content ON page (content) WHERE content <> '';
CREATE INDEX page_deleted ON page (last_changed) WHERE deleted = 1;

-- What a page answers to: its URL, its former ones, ids of documents that turned out to be it.
CREATE TABLE name (
	name TEXT PRIMARY KEY,
	page INTEGER NOT NULL REFERENCES page (n) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX name_page ON name (page);

CREATE TABLE link (
	source INTEGER NOT NULL REFERENCES page (n) ON DELETE CASCADE,
	target INTEGER NOT NULL REFERENCES page (n) ON DELETE CASCADE,
	PRIMARY KEY (source, target)
) WITHOUT ROWID;
CREATE INDEX link_target ON link (target);

-- The last visits of a page, a ring.
CREATE TABLE visit (
	page    INTEGER NOT NULL REFERENCES page (n) ON DELETE CASCADE,
	slot    INTEGER NOT NULL,
	visits  INTEGER NOT NULL, -- the page's, this one included
	at      INTEGER NOT NULL,
	state   TEXT NOT NULL,
	reason  TEXT NOT NULL,
	status  INTEGER NOT NULL,
	content TEXT NOT NULL,
	PRIMARY KEY (page, slot)
) WITHOUT ROWID;

-- The last change number given out. The row is locked by whoever takes one until that commits: numbers become visible in order.
CREATE TABLE counter (change INTEGER NOT NULL);
INSERT INTO counter VALUES (0);

CREATE TABLE cursor (
	generation TEXT PRIMARY KEY,
	change     INTEGER NOT NULL
) WITHOUT ROWID;
`, `
ALTER TABLE page ADD COLUMN listed INTEGER NOT NULL DEFAULT 0; -- entries that a list says it has
`, `
ALTER TABLE page ADD COLUMN head TEXT NOT NULL DEFAULT '';       -- id of the first page of the list that this page goes on with
ALTER TABLE page ADD COLUMN outside INTEGER NOT NULL DEFAULT 0;  -- entries of a list page that are no pages of the cluster
ALTER TABLE page ADD COLUMN cause TEXT GENERATED ALWAYS AS (CASE
	WHEN content <> '' THEN 'kept'
	WHEN state = 'quarantined' AND substr(reason, 1, 8) = 'soft 404' THEN 'soft404'
	WHEN state = 'quarantined' AND substr(reason, 1, 5) = 'trap:' THEN 'trap'
	ELSE state END) VIRTUAL; -- why nothing is kept of it
CREATE INDEX page_head ON page (head) WHERE head <> '';
CREATE INDEX page_ledger ON page (site, role, state, cause, change, last_changed, last_verified);
UPDATE page SET etag = '', last_modified = '' WHERE role = 'list'; -- their links are to be read again

ALTER TABLE link ADD COLUMN entry INTEGER NOT NULL DEFAULT 0; -- 1: of the list that the source is a page of

-- Why pages with content gave a generation of the index no document of their own.
CREATE TABLE outcome (
	generation TEXT NOT NULL,
	page       INTEGER NOT NULL REFERENCES page (n) ON DELETE CASCADE,
	reason     TEXT NOT NULL,
	PRIMARY KEY (generation, page)
) WITHOUT ROWID;
CREATE INDEX outcome_page ON outcome (page);
ALTER TABLE cursor ADD COLUMN outcomes INTEGER NOT NULL DEFAULT 0; -- 1: the generation's outcomes are kept
`, guardStep, tallyStep, `
ALTER TABLE page ADD COLUMN file_name TEXT NOT NULL DEFAULT ''; -- of an attached file, as its server says
`}

// guardStep adds what the loss guard keeps account of.
const guardStep = `
-- Crawled pages whose content is kept though their last visit did not show them to be there.
CREATE TABLE trouble (
	page        INTEGER PRIMARY KEY REFERENCES page (n) ON DELETE CASCADE,
	site        TEXT NOT NULL,
	document    INTEGER NOT NULL, -- 0: a home page, list or sitemap
	since       INTEGER NOT NULL, -- the first such visit in a row
	lost        INTEGER NOT NULL, -- since when the site says it is gone; 0: it does not
	next_at     INTEGER NOT NULL, -- when it is due again once that has taken effect
	state       TEXT NOT NULL,    -- what the last visit came to
	cause       TEXT NOT NULL,    -- its reason, without what differs from page to page
	silent      INTEGER NOT NULL, -- 1: no answer that says anything of the page
	target      TEXT NOT NULL,    -- URL that the page is to move to, its site, whether for good
	target_site TEXT NOT NULL,
	permanent   INTEGER NOT NULL,
	shared      TEXT NOT NULL,    -- what moves to one place have in common
	former      TEXT NOT NULL,    -- URL and site that the page has left for good, until a visit shows it to be where it is now
	former_site TEXT NOT NULL,
	shown       TEXT NOT NULL,    -- digest of what stood in the page's place, since when, how many times in a row
	shown_at    INTEGER NOT NULL,
	shown_n     INTEGER NOT NULL,
	decided     TEXT NOT NULL     -- by an administrator: keep, accept
);
CREATE INDEX trouble_site ON trouble (site, since);
INSERT INTO trouble SELECT n, site, role NOT IN ('home', 'list', 'sitemap'), last_verified, 0, 0, state, reason,
	state IN ('retry', 'waf') AND status <> 404, '', '', 0, '', '', '', '', 0, 0, '' FROM page WHERE content <> '' AND imported = 0 AND state <> 'ok';

-- What is known of a site as a whole.
CREATE TABLE guard (
	site     TEXT PRIMARY KEY,
	alarm    INTEGER NOT NULL, -- since when it is in alarm; 0: it is not
	cause    TEXT NOT NULL,    -- of the alarm
	accepted INTEGER NOT NULL, -- when an administrator last accepted what was lost
	passed   INTEGER NOT NULL, -- when the last sample was drawn that showed the site to be well
	probed   INTEGER NOT NULL  -- when the sample was last made due in an alarm
) WITHOUT ROWID;

-- Pages by which a site is judged: some of those that were well, or in an alarm some of those that were not.
CREATE TABLE sample (
	page INTEGER PRIMARY KEY REFERENCES page (n) ON DELETE CASCADE,
	site TEXT NOT NULL,
	at   INTEGER NOT NULL -- drawn
);
CREATE INDEX sample_site ON sample (site);
CREATE INDEX page_buried ON page (site, last_changed) WHERE deleted = 1;
`

var contentSteps = []string{`
CREATE TABLE content (
	n    INTEGER PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE, -- SHA-256 of the bytes, hex
	data BLOB NOT NULL         -- zstd
);
`, `
-- What a reader of attached files made of bytes.
CREATE TABLE text (
	hash    TEXT PRIMARY KEY,
	version TEXT NOT NULL, -- of the reader
	data    BLOB NOT NULL  -- zstd
) WITHOUT ROWID;
`, `
ALTER TABLE content ADD COLUMN at INTEGER NOT NULL DEFAULT 0; -- when the bytes were stored; 0: before that was noted

-- Files whose bytes were kept long enough. Their texts stay.
CREATE TABLE dropped (
	hash   TEXT PRIMARY KEY,
	at     INTEGER NOT NULL,
	size   INTEGER NOT NULL, -- that the bytes had here, packed
	wanted INTEGER NOT NULL  -- 1: the bytes are to be kept again when they come again
) WITHOUT ROWID;
`}
