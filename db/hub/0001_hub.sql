-- The hub: an ordinary PostgreSQL (15 and newer) that holds the entries of all stations, byte by
-- byte as docs/entry_format.md describes them, and the bytes of attachments. Nothing is merged here.
--
-- Everybody who connects is a login role of one station, in the group {member}. Such a role reads
-- all heads and leaf tables, and of leaves and attachments those of the classes that it has a right
-- to. It writes through the functions below alone: there is no way for it to change or to remove
-- anything. The tables belong to {owner}, which nobody logs in as.
--
-- Signatures are not verified here: whoever receives an entry does, and whoever brought one that is
-- not what it says is named beside it.
--
-- The names in braces are put in by storage/hub_admin.py; one transaction.

CREATE SCHEMA prevention_hub AUTHORIZATION {owner};
SET LOCAL ROLE {owner};
SET LOCAL search_path = prevention_hub, pg_catalog, pg_temp;

-- -- tables -------------------------------------------------------------------------------------

COMMENT ON SCHEMA prevention_hub IS 'format 1';

CREATE TABLE format (number int PRIMARY KEY);
INSERT INTO format VALUES (1);

-- One login role of each station. `administers`: departments in which it is administrator.
CREATE TABLE member (
    db_role text PRIMARY KEY,
    station text NOT NULL,
    department text NOT NULL,
    administers text[] NOT NULL
);

-- Who may read what, as the rights entries have it: kept up by the administrators' stations.
CREATE TABLE class_right (
    db_role text NOT NULL,
    owner text NOT NULL,
    register text NOT NULL,
    kind text NOT NULL,
    PRIMARY KEY (db_role, owner, register, kind)
);

-- The end of each chain.
CREATE TABLE chain (station text PRIMARY KEY, last bigint NOT NULL, hash bytea NOT NULL);

CREATE TABLE entry (
    station text NOT NULL,
    number bigint NOT NULL,
    clock bigint NOT NULL,
    head bytea NOT NULL,
    hash bytea NOT NULL,
    signature bytea,
    brought_by text NOT NULL,
    leaf_table bytea NOT NULL,
    PRIMARY KEY (station, number)
);
-- Random bytes do not get smaller, and rows of a long table are taken out one by one.
ALTER TABLE entry ALTER leaf_table SET STORAGE EXTERNAL;

-- Without salt and body: erased.
CREATE TABLE leaf (
    station text NOT NULL,
    number bigint NOT NULL,
    position int NOT NULL,
    owner text NOT NULL,
    register text NOT NULL,
    kind text NOT NULL,
    salt bytea,
    body bytea,
    PRIMARY KEY (station, number, position)
);

-- Leaves that nobody has brought yet.
CREATE TABLE gap (
    station text NOT NULL,
    number bigint NOT NULL,
    position int NOT NULL,
    PRIMARY KEY (station, number, position)
);

-- Kept apart for each class that names it: nobody comes to bytes by saying that they are theirs.
CREATE TABLE attachment (
    digest text NOT NULL,
    owner text NOT NULL,
    register text NOT NULL,
    kind text NOT NULL,
    size bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (digest, owner, register, kind)
);
ALTER TABLE attachment ALTER bytes SET STORAGE EXTERNAL;

-- What each station said that it holds; `absent`: leaves that it may see and lacks.
CREATE TABLE station_state (
    station text PRIMARY KEY,
    vector jsonb NOT NULL,
    absent jsonb NOT NULL,
    told_at timestamptz NOT NULL
);

-- -- who may read what --------------------------------------------------------------------------

CREATE FUNCTION administered() RETURNS text[] STABLE SECURITY DEFINER
    SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE sql AS $$
    SELECT coalesce((SELECT administers FROM member WHERE db_role = session_user), ARRAY[]::text[])
$$;

-- Whether this role is an administrator's of this department; of what is shared, of any.
CREATE FUNCTION administers_what_is_of(owner text) RETURNS boolean STABLE
    SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE sql AS $$
    SELECT owner = ANY (administered()) OR owner = '3D' AND cardinality(administered()) > 0
$$;

DO $$
DECLARE
    each text;
BEGIN
    FOREACH each IN ARRAY ARRAY['format', 'member', 'class_right', 'chain', 'entry', 'leaf', 'gap',
        'attachment', 'station_state']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', each);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', each);
    END LOOP;
END
$$;

-- {owner} is whom the functions below act as.
CREATE POLICY kept ON format TO {owner} USING (true) WITH CHECK (true);
CREATE POLICY kept ON member TO {owner} USING (true) WITH CHECK (true);
CREATE POLICY kept ON class_right TO {owner} USING (true) WITH CHECK (true);
CREATE POLICY kept ON chain TO {owner} USING (true) WITH CHECK (true);
CREATE POLICY kept ON entry TO {owner} USING (true) WITH CHECK (true);
CREATE POLICY kept ON leaf TO {owner} USING (true) WITH CHECK (true);
CREATE POLICY kept ON gap TO {owner} USING (true) WITH CHECK (true);
CREATE POLICY kept ON attachment TO {owner} USING (true) WITH CHECK (true);
CREATE POLICY kept ON station_state TO {owner} USING (true) WITH CHECK (true);

CREATE POLICY seen ON format FOR SELECT TO {member} USING (true);
CREATE POLICY seen ON member FOR SELECT TO {member}
    USING (db_role = session_user OR cardinality((SELECT administered())) > 0);
CREATE POLICY seen ON class_right FOR SELECT TO {member}
    USING (db_role = session_user OR cardinality((SELECT administered())) > 0);
CREATE POLICY seen ON chain FOR SELECT TO {member} USING (true);
CREATE POLICY seen ON entry FOR SELECT TO {member} USING (true);
CREATE POLICY seen ON gap FOR SELECT TO {member} USING (true);
CREATE POLICY seen ON station_state FOR SELECT TO {member} USING (true);
CREATE POLICY seen ON leaf FOR SELECT TO {member} USING (
    (owner, register, kind) IN (
        SELECT r.owner, r.register, r.kind FROM class_right r WHERE r.db_role = session_user
    )
);
CREATE POLICY seen ON attachment FOR SELECT TO {member} USING (
    (owner, register, kind) IN (
        SELECT r.owner, r.register, r.kind FROM class_right r WHERE r.db_role = session_user
    )
);

-- -- writing ------------------------------------------------------------------------------------

CREATE FUNCTION tell(what text) RETURNS void
    SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(
        'prevention_hub',
        what || ':' || coalesce((SELECT station FROM member WHERE db_role = session_user), '')
    );
END
$$;

-- Entries that go on from the end of their chain, the last of each chain signed, with their leaves:
-- `of_entry` is the place of a leaf's entry among the entries given, from 1. Entries that are here
-- already are compared and left. Returns how many were new.
CREATE FUNCTION push(
    stations text[], numbers bigint[], heads bytea[], tables bytea[], hashes bytea[],
    signatures bytea[], of_entry int[], positions int[], salts bytea[], bodies bytea[]
) RETURNS bigint SECURITY DEFINER SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
DECLARE
    fault text;
    done bigint;
BEGIN
    -- In one order for everybody, so that two who push never wait for each other.
    INSERT INTO chain SELECT DISTINCT station, 0, decode(repeat('00', 32), 'hex')
        FROM unnest(stations) AS station ORDER BY station ON CONFLICT DO NOTHING;
    PERFORM FROM chain WHERE station = ANY (stations) ORDER BY station FOR UPDATE;

    IF EXISTS (
        SELECT FROM unnest(stations, numbers, heads, tables)
            AS given (station, number, head, leaf_table)
        JOIN chain c USING (station) JOIN entry e USING (station, number)
        WHERE number <= c.last
            AND (e.head, e.leaf_table) IS DISTINCT FROM (given.head, given.leaf_table)
    ) THEN
        RAISE EXCEPTION 'another entry has this number' USING ERRCODE = 'PH001';
    END IF;
    SELECT CASE
        WHEN number <> coalesce(number_before, last) + 1 THEN 'PH002'
        ELSE 'PH003'
    END INTO fault
    FROM (
        SELECT given.*, c.last, c.hash AS end_hash,
            convert_from(given.head, 'UTF8')::jsonb AS told,
            lag(given.number) OVER along AS number_before,
            lag(given.hash) OVER along AS hash_before,
            lead(given.number) OVER along IS NULL AS is_last
        FROM unnest(stations, numbers, heads, tables, hashes, signatures)
            AS given (station, number, head, leaf_table, hash, signature)
        JOIN chain c USING (station) WHERE number > c.last
        WINDOW along AS (PARTITION BY station ORDER BY number)
    ) AS new
    WHERE (
        number = coalesce(number_before, last) + 1
        AND hash = sha256(coalesce(hash_before, end_hash) || sha256(head) || sha256(leaf_table))
        AND told ->> 's' = station
        AND told ->> 'n' = number::text
        AND told ->> 't' ~ '^[0-9]+$' AND length(told ->> 't') < 19
        AND length(leaf_table) % 44 = 0
        AND (length(signature) = 64 OR signature IS NULL AND NOT is_last)
    ) IS NOT TRUE
    LIMIT 1;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'no entry that goes on from the end of its chain' USING ERRCODE = fault;
    END IF;

    INSERT INTO entry
        SELECT station, number, (convert_from(given.head, 'UTF8')::jsonb ->> 't')::bigint,
            given.head, given.hash, given.signature, session_user, given.leaf_table
        FROM unnest(stations, numbers, heads, tables, hashes, signatures)
            AS given (station, number, head, leaf_table, hash, signature)
        JOIN chain c USING (station) WHERE number > c.last;
    GET DIAGNOSTICS done = ROW_COUNT;
    PERFORM add_leaves(
        array_agg(station), array_agg(number), array_agg(position), array_agg(salt),
        array_agg(body)
    ) FROM unnest(of_entry, positions, salts, bodies) AS leaves (at, position, salt, body)
    JOIN unnest(stations, numbers) WITH ORDINALITY AS given (station, number, at) USING (at);
    INSERT INTO gap
        SELECT station, number, position
        FROM unnest(stations, numbers, tables) AS given (station, number, leaf_table)
        JOIN chain c USING (station)
        CROSS JOIN generate_series(0, length(leaf_table) / 44 - 1) AS position
        WHERE number > c.last AND NOT EXISTS (
            SELECT FROM leaf l WHERE (l.station, l.number, l.position)
                = (given.station, given.number, position.position)
        );
    UPDATE chain SET last = new.number, hash = new.hash FROM (
        SELECT DISTINCT ON (station) station, number, given.hash
        FROM unnest(stations, numbers, hashes) AS given (station, number, hash)
        ORDER BY station, number DESC
    ) AS new WHERE chain.station = new.station AND new.number > chain.last;
    IF done > 0 THEN
        PERFORM tell('entries');
    END IF;
    RETURN done;
END
$$;

-- Leaves that are those which the leaf table of their entry names. Returns how many were new.
CREATE FUNCTION add_leaves(
    stations text[], numbers bigint[], positions int[], salts bytea[], bodies bytea[]
) RETURNS bigint SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
DECLARE
    done bigint;
BEGIN
    IF EXISTS (
        SELECT FROM unnest(stations, numbers, positions, salts, bodies)
            AS given (station, number, position, salt, body)
        LEFT JOIN entry e USING (station, number)
        WHERE given.position < 0 OR sha256(given.salt || given.body)
            IS DISTINCT FROM substr(e.leaf_table, given.position * 44 + 13, 32)
    ) THEN
        RAISE EXCEPTION 'not the leaf that its entry names' USING ERRCODE = 'PH003';
    END IF;
    INSERT INTO leaf
        SELECT station, number, position,
            convert_from(rtrim(substr(named, 1, 3), '\x00'), 'SQL_ASCII'),
            convert_from(rtrim(substr(named, 4, 8), '\x00'), 'SQL_ASCII'),
            convert_from(substr(named, 12, 1), 'SQL_ASCII'),
            salt, body
        FROM (
            SELECT given.*, substr(e.leaf_table, given.position * 44 + 1, 12) AS named
            FROM unnest(stations, numbers, positions, salts, bodies)
                AS given (station, number, position, salt, body)
            JOIN entry e USING (station, number)
        ) AS placed
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END
$$;

-- Leaves of entries that are here already.
CREATE FUNCTION push_leaves(
    stations text[], numbers bigint[], positions int[], salts bytea[], bodies bytea[]
) RETURNS bigint SECURITY DEFINER SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
DECLARE
    done bigint := add_leaves(stations, numbers, positions, salts, bodies);
BEGIN
    DELETE FROM gap USING unnest(stations, numbers, positions) AS given (station, number, position)
        WHERE (gap.station, gap.number, gap.position)
            = (given.station, given.number, given.position);
    IF done > 0 THEN
        PERFORM tell('leaves');
    END IF;
    RETURN done;
END
$$;

-- Takes away a leaf that an erasure held here names. Whether the erasure counts is not known here:
-- an administrator's station, which knows it, asks. A leaf that nobody has brought yet will not be
-- taken in any more.
CREATE FUNCTION erase(
    by_station text, by_number bigint, by_position int,
    of_station text, of_number bigint, of_position int
) RETURNS boolean SECURITY DEFINER SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
DECLARE
    eraser record;
    erased record;
    told jsonb;
    named bytea;
BEGIN
    SELECT l.* INTO eraser FROM leaf l JOIN class_right r USING (owner, register, kind)
        WHERE (l.station, l.number, l.position) = (by_station, by_number, by_position)
        AND r.db_role = session_user AND l.kind IN ('t', 'n');
    told := convert_from(eraser.body, 'UTF8')::jsonb;
    IF told IS NULL OR NOT EXISTS (
        SELECT FROM jsonb_array_elements(told -> 'e') AS each
        WHERE each ->> 0 = of_station AND (each ->> 1)::bigint = of_number
    ) THEN
        RAISE EXCEPTION 'no erasure names this leaf' USING ERRCODE = 'PH004';
    END IF;
    SELECT l.* INTO erased FROM leaf l
        WHERE (l.station, l.number, l.position) = (of_station, of_number, of_position) FOR UPDATE;
    SELECT substr(e.leaf_table, of_position * 44 + 1, 12) INTO named
        FROM entry e WHERE (e.station, e.number) = (of_station, of_number);
    IF named IS DISTINCT FROM (
        SELECT substr(e.leaf_table, by_position * 44 + 1, 12)
        FROM entry e WHERE (e.station, e.number) = (by_station, by_number)
    ) OR convert_from(erased.body, 'UTF8')::jsonb ->> 'r' <> told ->> 'r'
        OR convert_from(erased.body, 'UTF8')::jsonb ? 'e'
    THEN
        RAISE EXCEPTION 'no erasure names this leaf' USING ERRCODE = 'PH004';
    END IF;
    IF NOT administers_what_is_of(eraser.owner) THEN
        RAISE EXCEPTION 'only an administrator of this department' USING ERRCODE = '42501';
    END IF;
    INSERT INTO leaf VALUES (
        of_station, of_number, of_position, eraser.owner, eraser.register, eraser.kind, NULL, NULL
    ) ON CONFLICT (station, number, position) DO UPDATE SET salt = NULL, body = NULL;
    DELETE FROM gap
        WHERE (station, number, position) = (of_station, of_number, of_position);
    RETURN erased.body IS NOT NULL;
END
$$;

-- The bytes of an attachment of a class; returns whether they were new.
CREATE FUNCTION push_attachment(
    of_digest text, of_owner text, of_register text, of_kind text, content bytea
) RETURNS boolean SECURITY DEFINER SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
BEGIN
    IF encode(sha256(content), 'hex') <> of_digest OR length(content) > 67108864 THEN
        RAISE EXCEPTION 'not the bytes of this digest' USING ERRCODE = 'PH003';
    END IF;
    INSERT INTO attachment
        VALUES (of_digest, of_owner, of_register, of_kind, length(content), content)
        ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM tell('attachments');
    END IF;
    RETURN FOUND;
END
$$;

-- Which of these attachments nobody has brought yet.
CREATE FUNCTION lacking_attachments(
    digests text[], owners text[], registers text[], kinds text[]
) RETURNS TABLE (digest text, owner text, register text, kind text) STABLE SECURITY DEFINER
    SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE sql AS $$
    SELECT * FROM unnest(digests, owners, registers, kinds)
        AS given (digest, owner, register, kind)
    WHERE NOT EXISTS (
        SELECT FROM attachment a
        WHERE (a.digest, a.owner, a.register, a.kind)
            = (given.digest, given.owner, given.register, given.kind)
    )
$$;

-- Take away the bytes of attachments that were erased; returns how many were there.
CREATE FUNCTION forget_attachments(digests text[]) RETURNS bigint SECURITY DEFINER
    SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM attachment
            WHERE digest = ANY (digests) AND administers_what_is_of(owner) RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

-- What the station of this role holds.
CREATE FUNCTION tell_state(held jsonb, lacks jsonb) RETURNS void SECURITY DEFINER
    SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE sql AS $$
    INSERT INTO station_state
        SELECT station, held, lacks, now() FROM member WHERE db_role = session_user
        ON CONFLICT (station) DO UPDATE SET vector = held, absent = lacks, told_at = now()
$$;

-- The classes of one owner that a role may read, as an administrator of that department finds them
-- in the rights entries; what is shared is told by the administrators of any. Returns how many
-- changed.
CREATE FUNCTION set_classes(
    of_role text, of_owner text, registers text[], kinds text[]
) RETURNS bigint SECURITY DEFINER SET search_path = prevention_hub, pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
DECLARE
    gone bigint;
    new bigint;
BEGIN
    IF NOT administers_what_is_of(of_owner) THEN
        RAISE EXCEPTION 'only an administrator of this department' USING ERRCODE = '42501';
    END IF;
    IF NOT EXISTS (SELECT FROM member WHERE db_role = of_role) THEN
        RAISE EXCEPTION 'no such member' USING ERRCODE = 'PH004';
    END IF;
    DELETE FROM class_right r WHERE r.db_role = of_role AND r.owner = of_owner
        AND NOT EXISTS (
            SELECT FROM unnest(registers, kinds) AS given (register, kind)
            WHERE (given.register, given.kind) = (r.register, r.kind)
        );
    GET DIAGNOSTICS gone = ROW_COUNT;
    INSERT INTO class_right
        SELECT of_role, of_owner, given.register, given.kind
        FROM unnest(registers, kinds) AS given (register, kind)
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS new = ROW_COUNT;
    IF gone + new > 0 THEN
        PERFORM tell('rights');
    END IF;
    RETURN gone + new;
END
$$;

-- -- what is open to members ---------------------------------------------------------------------

REVOKE ALL ON ALL TABLES IN SCHEMA prevention_hub FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA prevention_hub FROM PUBLIC;
GRANT USAGE ON SCHEMA prevention_hub TO {member};
GRANT SELECT ON ALL TABLES IN SCHEMA prevention_hub TO {member};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA prevention_hub TO {member};
REVOKE EXECUTE ON FUNCTION tell(text),
    add_leaves(text[], bigint[], int[], bytea[], bytea[]) FROM {member};
RESET ROLE;
