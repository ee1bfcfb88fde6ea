PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '"requested_by" uuid_text NOT NULL', '"requested_by" uuid_text NULL')
    WHERE type = 'table' AND name = 'orders';
PRAGMA writable_schema = RESET;
CREATE TABLE read_again (x);
DROP TABLE read_again;
UPDATE orders SET requested_by = NULL WHERE requested_by = x'00000000000000000000000000000000';
DELETE FROM users WHERE id = x'00000000000000000000000000000000';
