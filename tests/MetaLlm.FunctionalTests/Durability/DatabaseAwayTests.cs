namespace MetaLlm.FunctionalTests.Durability;

public sealed class DatabaseAwayTests
{
    [PostgresFact]
    public Task Clients_of_a_host_whose_database_is_away_are_told_to_come_again() => DatabaseAway.CheckAsync("in-process", role: null);
}
