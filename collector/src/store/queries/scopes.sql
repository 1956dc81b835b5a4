SELECT * FROM scopes WHERE scope_id IN (/*ids*/);
