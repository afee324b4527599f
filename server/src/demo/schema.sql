CREATE TABLE customers (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, mobile TEXT, registered_at TEXT NOT NULL,
  last_login_at TEXT, closed_at TEXT, offers_stopped INTEGER NOT NULL DEFAULT 0, club_stopped INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX customers_mobile ON customers (mobile);
CREATE INDEX customers_closed ON customers (closed_at);
CREATE TABLE addresses (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), label TEXT,
  contact_name TEXT NOT NULL, contact_mobile TEXT NOT NULL, address TEXT NOT NULL, removed_at TEXT
);
CREATE INDEX addresses_customer ON addresses (customer_id);
CREATE INDEX addresses_removed ON addresses (removed_at);
CREATE TABLE marketing_preferences (
  customer_id INTEGER NOT NULL REFERENCES customers (id), channel TEXT NOT NULL, opted_in TEXT NOT NULL, tag TEXT,
  updated_at TEXT NOT NULL, PRIMARY KEY (customer_id, channel)
);
CREATE INDEX marketing_updated ON marketing_preferences (updated_at);
CREATE TABLE real_name_records (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), name TEXT NOT NULL,
  id_type TEXT NOT NULL, id_number TEXT NOT NULL, verified_at TEXT NOT NULL, last_shipment_at TEXT
);
CREATE INDEX real_name_customer ON real_name_records (customer_id);
CREATE INDEX real_name_last ON real_name_records (last_shipment_at);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, order_no TEXT NOT NULL UNIQUE, customer_id INTEGER NOT NULL REFERENCES customers (id),
  goods TEXT, amount TEXT NOT NULL, placed_at TEXT NOT NULL, completed_at TEXT
);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_completed ON orders (completed_at);
CREATE TABLE waybills (
  id INTEGER PRIMARY KEY, waybill_no TEXT NOT NULL UNIQUE, order_id INTEGER REFERENCES orders (id) ON DELETE SET NULL,
  status TEXT NOT NULL, sender_id INTEGER REFERENCES customers (id), sender_name TEXT, sender_mobile TEXT,
  sender_address TEXT, receiver_name TEXT, receiver_mobile TEXT, receiver_address TEXT, accepted_at TEXT NOT NULL,
  delivered_at TEXT
);
CREATE INDEX waybills_order ON waybills (order_id);
CREATE INDEX waybills_sender ON waybills (sender_id);
CREATE INDEX waybills_sender_mobile ON waybills (sender_mobile);
CREATE INDEX waybills_receiver_mobile ON waybills (receiver_mobile);
CREATE INDEX waybills_delivered ON waybills (delivered_at);
CREATE TABLE tracking_events (
  id INTEGER PRIMARY KEY, waybill_id INTEGER NOT NULL REFERENCES waybills (id), at TEXT NOT NULL, place TEXT,
  note TEXT NOT NULL, signed_by TEXT
);
CREATE INDEX tracking_waybill ON tracking_events (waybill_id);
CREATE INDEX tracking_at ON tracking_events (at);
CREATE TABLE payments (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), method TEXT NOT NULL, payer_name TEXT,
  card_no TEXT, amount TEXT NOT NULL, paid_at TEXT NOT NULL
);
CREATE INDEX payments_order ON payments (order_id);
CREATE INDEX payments_paid ON payments (paid_at);
CREATE TABLE invoices (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), title TEXT NOT NULL, tax_no TEXT,
  email TEXT, amount TEXT NOT NULL, issued_at TEXT NOT NULL
);
CREATE INDEX invoices_customer ON invoices (customer_id);
CREATE INDEX invoices_issued ON invoices (issued_at);
CREATE TABLE support_tickets (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), subject TEXT NOT NULL, body TEXT,
  callback_mobile TEXT, opened_at TEXT NOT NULL, closed_at TEXT
);
CREATE INDEX tickets_customer ON support_tickets (customer_id);
CREATE INDEX tickets_closed ON support_tickets (closed_at);
