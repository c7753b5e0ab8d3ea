"""Schema 1: facts, roster, keys, streams, envelopes, the event log, records and drafts.

Rows carry integer ids among themselves; 16-byte ids stand at the edges. Times are ms since 1970 UTC.
"""

from typing import Final

from advocate_app.store.connection import Writer

SCHEMA: Final = """
-- One row a fact about this vault: agency, member, device, cursors.
CREATE TABLE fact (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE roster_entry (
  idx INTEGER PRIMARY KEY, hash BLOB NOT NULL, entry BLOB NOT NULL, signatures BLOB NOT NULL) STRICT;

-- kind: U member, G group, S stream, C compartment (generation 0).
CREATE TABLE key_held (
  kind TEXT NOT NULL, scope BLOB NOT NULL, generation INTEGER NOT NULL, key_id BLOB NOT NULL, secret BLOB NOT NULL,
  PRIMARY KEY (kind, scope, key_id)) STRICT, WITHOUT ROWID;

-- Boxes of rostered scopes that came from the server and could not be opened yet.
CREATE TABLE key_box (
  box_id INTEGER PRIMARY KEY, recipient BLOB NOT NULL, box BLOB NOT NULL, state TEXT NOT NULL) STRICT;

-- Row 1 is always this device.
CREATE TABLE device (id INTEGER PRIMARY KEY, device BLOB NOT NULL UNIQUE, member BLOB NOT NULL) STRICT;

CREATE TABLE stream (
  id INTEGER PRIMARY KEY, stream BLOB NOT NULL UNIQUE, life INTEGER NOT NULL, size INTEGER NOT NULL,
  head BLOB NOT NULL, roster_size INTEGER NOT NULL) STRICT;

CREATE TABLE log_entry (
  stream INTEGER NOT NULL, idx INTEGER NOT NULL, leaf BLOB NOT NULL, head BLOB NOT NULL, received_at INTEGER NOT NULL,
  roster_size INTEGER NOT NULL, device INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,
  state TEXT NOT NULL, reason TEXT, PRIMARY KEY (stream, idx)) STRICT, WITHOUT ROWID;

-- How far each device's chain is logged here; for this device also what is sealed (see envelope).
CREATE TABLE chain (
  stream INTEGER NOT NULL, device INTEGER NOT NULL, seq INTEGER NOT NULL, leaf BLOB NOT NULL,
  next_no INTEGER NOT NULL, roster_size INTEGER NOT NULL, PRIMARY KEY (stream, device)) STRICT, WITHOUT ROWID;

-- This device's own.
CREATE TABLE envelope (
  stream INTEGER NOT NULL, seq INTEGER NOT NULL, leaf BLOB NOT NULL, kind INTEGER NOT NULL, bytes BLOB NOT NULL,
  flagged INTEGER NOT NULL DEFAULT 0, first_no INTEGER NOT NULL, count INTEGER NOT NULL, sealed_at INTEGER NOT NULL,
  log_index INTEGER, receipt BLOB, PRIMARY KEY (stream, seq)) STRICT, WITHOUT ROWID;

-- Received parcels that are not, or not wholly, applied: waiting, closed, refused.
CREATE TABLE parcel (
  id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, log_index INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  device INTEGER NOT NULL, seq INTEGER NOT NULL, first_no INTEGER NOT NULL, count INTEGER NOT NULL,
  key_id BLOB NOT NULL, cited INTEGER NOT NULL, roster_size INTEGER NOT NULL, devices BLOB NOT NULL,
  sealed BLOB NOT NULL, state TEXT NOT NULL, reason TEXT, since INTEGER NOT NULL) STRICT;
CREATE INDEX parcel_by_key ON parcel (key_id);

-- kind, owner and name are unknown until the compartment can be read.
CREATE TABLE compartment (
  id INTEGER PRIMARY KEY, compartment BLOB NOT NULL UNIQUE, kind TEXT, owner BLOB, name TEXT, stream INTEGER) STRICT;

CREATE TABLE compartment_key (
  compartment INTEGER NOT NULL, key_id BLOB NOT NULL, maker INTEGER NOT NULL, stream INTEGER NOT NULL,
  log_index INTEGER, PRIMARY KEY (compartment, key_id)) STRICT, WITHOUT ROWID;
CREATE INDEX compartment_by_key ON compartment_key (key_id);

CREATE TABLE compartment_box (
  compartment INTEGER NOT NULL, key_id BLOB NOT NULL, recipient BLOB NOT NULL, generation INTEGER NOT NULL,
  box BLOB NOT NULL, sender INTEGER NOT NULL,
  PRIMARY KEY (compartment, key_id, recipient, generation, sender)) STRICT, WITHOUT ROWID;

CREATE TABLE compartment_link (
  compartment INTEGER NOT NULL, key_id BLOB NOT NULL, older BLOB NOT NULL, sealed BLOB NOT NULL,
  PRIMARY KEY (compartment, key_id, older)) STRICT, WITHOUT ROWID;

-- The event log.
-- body: msgpack [zone, fields, over, reason, txn]; over = {register: [ref, ...]}, where a ref is a local event id, or
-- [device row, no] of an event that is not here yet.
-- state: 0 applied, 1 needs a newer program, 2 for admission, 3 refused.
-- Typed here: device 1, no NULL until sealed, log_index NULL until logged.
-- Order of the events of one record: the logged first, by (log_index, no), then the others by id.
CREATE TABLE event (
  id INTEGER PRIMARY KEY, record INTEGER NOT NULL, device INTEGER NOT NULL, stream INTEGER NOT NULL, no INTEGER,
  log_index INTEGER, cited INTEGER NOT NULL, verb INTEGER NOT NULL, state INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX event_by_record ON event (record);
CREATE UNIQUE INDEX event_by_name ON event (stream, device, no) WHERE no IS NOT NULL;
CREATE INDEX event_unsealed ON event (id) WHERE no IS NULL;
CREATE INDEX event_apart ON event (state) WHERE state <> 0;

-- Projection: may be dropped and replayed. The typed tables beside it are made by store.projections.
-- One id in two compartments, or of two types, is two records: what arrives in a compartment cannot reach into another.
CREATE TABLE record (
  id INTEGER PRIMARY KEY, record_id BLOB NOT NULL, type INTEGER NOT NULL, compartment INTEGER NOT NULL,
  client BLOB, status INTEGER NOT NULL DEFAULT 0, conflicts INTEGER NOT NULL DEFAULT 0, state BLOB,
  last_index INTEGER NOT NULL DEFAULT 0, unlogged INTEGER NOT NULL DEFAULT 0, unindexed INTEGER NOT NULL DEFAULT 1,
  updated_at INTEGER NOT NULL DEFAULT 0, UNIQUE (record_id, compartment, type)) STRICT;

CREATE TABLE draft (
  key TEXT PRIMARY KEY, body BLOB NOT NULL, caret INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL)
  STRICT, WITHOUT ROWID;
"""


def apply(tx: Writer) -> None:
    """Make every table of schema 1."""
    tx.run_script(SCHEMA)
