SELECT * FROM resources WHERE resource_id IN (/*ids*/);
