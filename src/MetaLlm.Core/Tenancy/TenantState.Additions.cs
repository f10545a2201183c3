using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

// What a tenant need not have stands behind everything else, and only where there is some: without, the bytes are those of a layout that did not know it.
public sealed partial class TenantState
{
    private const string AdditionsSection = "additions";

    private void WriteAdditions(StateWriter writer, TenantConfiguration configuration, bool withEarlier)
    {
        var earlier = withEarlier ? _earlier.Count : 0;
        var renamed = configuration.Arms.Any(arm => arm.RenamedFrom is not null);
        if (configuration.ExplorationFloor is null && !renamed && _renames.Count == 0 && earlier == 0)
        {
            return;
        }

        writer.Section(AdditionsSection);
        writer.Double(configuration.ExplorationFloor ?? double.NaN);
        writer.Bool(renamed);
        foreach (var arm in renamed ? configuration.Arms : [])
        {
            writer.Text(arm.RenamedFrom ?? "");
        }

        writer.Int(_renames.Count);
        foreach (var (through, from, to) in _renames)
        {
            writer.Long(through);
            writer.Text(from);
            writer.Text(to);
        }

        writer.Int(earlier);
        foreach (var (armId, counted) in _earlier.Take(earlier))
        {
            writer.Text(armId);
            counted.Write(writer);
        }
    }

    private void ReadAdditions(ref StateReader reader)
    {
        _renames.Clear();
        _earlier.Clear();
        if (reader.AtEnd)
        {
            return;
        }

        reader.Expect(AdditionsSection);
        var (floor, configuration) = (reader.Double(), Configuration!);
        var arms = configuration.Arms.ToArray();
        for (var (a, renamed) = (0, reader.Bool()); renamed && a < arms.Length; a++)
        {
            var from = reader.Text();
            arms[a] = from.Length == 0 ? arms[a] : arms[a] with { RenamedFrom = from };
        }

        Configuration = configuration with { Arms = arms, ExplorationFloor = double.IsNaN(floor) ? null : floor };
        for (var left = reader.Int(); left > 0; left--)
        {
            _renames.Add((reader.Long(), reader.Text(), reader.Text()));
        }

        for (var left = reader.Int(); left > 0; left--)
        {
            var armId = reader.Text();
            _earlier[armId] = ArmCounters.Read(ref reader);
        }
    }
}
