-- Where Orleans' ADO.NET providers find the statements they run. At start each provider reads this table and looks its
-- statements up by key; the names of the table and of its two columns are the providers' own. Parameters (@Name), and the
-- names of result columns, are the providers' contract; the tables behind the statements are ours.
CREATE TABLE OrleansQuery (
    QueryKey  TEXT NOT NULL PRIMARY KEY,
    QueryText TEXT NOT NULL
) WITHOUT ROWID;
