INSERT INTO users (id, email, search_text, name, username, password_hash, time_zone, is_active, created_at, last_login_at,
        password_changed_at)
    SELECT x'00000000000000000000000000000000', '', '', 'Stoa', '', NULL, 'UTC', FALSE, MIN(created_at), NULL, NULL
    FROM orders WHERE requested_by IS NULL HAVING COUNT(*) > 0;
UPDATE orders SET requested_by = x'00000000000000000000000000000000' WHERE requested_by IS NULL;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '"requested_by" uuid_text NULL', '"requested_by" uuid_text NOT NULL')
    WHERE type = 'table' AND name = 'orders';
PRAGMA writable_schema = RESET;
CREATE TABLE read_again (x);
DROP TABLE read_again;
