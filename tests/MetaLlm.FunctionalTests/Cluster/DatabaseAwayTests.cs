namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>The database of a cluster goes away and comes back.</summary>
public sealed class DatabaseAwayTests
{
    [PostgresFact]
    public Task Clients_of_a_silo_whose_database_is_away_are_told_to_come_again() => Durability.DatabaseAway.CheckAsync("orleans", "all");
}
