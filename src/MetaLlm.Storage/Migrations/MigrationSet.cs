using System.Globalization;
using System.Reflection;

namespace MetaLlm.Storage.Migrations;

/// <summary>All migrations of one kind of database, in order. They are embedded from <c>deploy/sql</c>.</summary>
public sealed class MigrationSet
{
    private readonly Migration[] _migrations;

    /// <summary>Takes migrations; the first has version 1 and each other the next one.</summary>
    /// <param name="migrations">At least one, in order.</param>
    /// <exception cref="ArgumentException">There is none, or the versions have a gap.</exception>
    public MigrationSet(IReadOnlyList<Migration> migrations)
    {
        ArgumentNullException.ThrowIfNull(migrations);
        if (migrations.Count == 0)
        {
            throw new ArgumentException("migrations is empty; at least one is needed.", nameof(migrations));
        }

        for (var i = 0; i < migrations.Count; i++)
        {
            if (migrations[i].Version != i + 1)
            {
                throw new ArgumentException($"migrations[{i}] is {migrations[i].Name}; version {i + 1} must follow.", nameof(migrations));
            }
        }

        _migrations = [.. migrations];
    }

    /// <summary>All, in order.</summary>
    public IReadOnlyList<Migration> All => _migrations;

    /// <summary>Version after all of them.</summary>
    public int NewestVersion => _migrations.Length;

    /// <summary>Finds what a database lacks.</summary>
    /// <param name="database">Names the database in errors.</param>
    /// <param name="applied">What it has on record.</param>
    /// <returns>The missing ones, in order.</returns>
    /// <exception cref="SchemaVersionException">It has one that this build does not know, and that says that builds like this one cannot run on it.</exception>
    /// <exception cref="MigrationChangedException">It has one whose script is another.</exception>
    public IReadOnlyList<Migration> FindMissing(string database, IReadOnlyCollection<AppliedMigration> applied)
    {
        ArgumentNullException.ThrowIfNull(applied);
        var newer = applied.Where(one => one.Version > NewestVersion).ToList();
        if (newer.Count > 0 && newer.Max(one => one.MinReader ?? one.Version) is var needed && needed > NewestVersion)
        {
            throw new SchemaVersionException(database, newer.Max(one => one.Version), NewestVersion, needed);
        }

        foreach (var found in applied.Where(one => one.Version <= NewestVersion))
        {
            var known = _migrations[found.Version - 1];
            if (found.Checksum is not null && found.Checksum != known.Checksum)
            {
                throw new MigrationChangedException(database, found, known);
            }
        }

        return [.. _migrations.ExceptBy(applied.Select(one => one.Version), one => one.Version)];
    }

    /// <summary>Those that lie in <c>deploy/sql/&lt;kind&gt;</c>.</summary>
    internal static MigrationSet Embedded(string kind)
    {
        var prefix = $"{kind}/";
        var assembly = Assembly.GetExecutingAssembly();
        return new([.. assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource => Read(assembly, resource, prefix.Length))]);
    }

    private static Migration Read(Assembly assembly, string resource, int prefix)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        var name = Path.GetFileNameWithoutExtension(resource[prefix..]);
        return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }
}
