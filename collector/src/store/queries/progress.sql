SELECT progress FROM progress WHERE signal = $signal AND journal_id = $journalId ORDER BY sequence DESC LIMIT 1
