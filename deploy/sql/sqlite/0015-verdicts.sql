-- What judges said of an answer: with the reward that was made of it, and with a person's word that replaced that. A build that does not know the columns leaves them alone.
-- min-reader: 13
ALTER TABLE events ADD COLUMN verdicts TEXT;    -- 4
ALTER TABLE decisions ADD COLUMN verdicts TEXT;
