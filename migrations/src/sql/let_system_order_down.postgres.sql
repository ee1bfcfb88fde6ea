INSERT INTO users (id, email, search_text, name, username, password_hash, time_zone, is_active, created_at, last_login_at,
        password_changed_at)
    SELECT '00000000-0000-0000-0000-000000000000'::uuid, '', '', 'Stoa', '', NULL, 'UTC', FALSE, MIN(created_at), NULL, NULL
    FROM orders WHERE requested_by IS NULL HAVING COUNT(*) > 0;
UPDATE orders SET requested_by = '00000000-0000-0000-0000-000000000000'::uuid WHERE requested_by IS NULL;
ALTER TABLE orders ALTER COLUMN requested_by SET NOT NULL;
