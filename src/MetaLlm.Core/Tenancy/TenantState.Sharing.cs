using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Sharing;

namespace MetaLlm.Core.Tenancy;

/// <summary>What the tenant has agreed to with others, in snapshots. Nothing is decided by it: cards that were taken are cards.</summary>
public sealed partial class TenantState
{
    private const string SharingSection = "sharing";

    private static void WriteSharing(StateWriter writer, SharingSettings sharing, IReadOnlyList<Arm> arms)
    {
        writer.Section(SharingSection);
        writer.Bool(sharing.Give);
        writer.Bool(sharing.Take);
        writer.Double(sharing.Epsilon);
        writer.Int(sharing.Models.Count);
        foreach (var (arm, model) in sharing.Models)
        {
            writer.Text(arm);
            writer.Text(model);
        }

        foreach (var arm in arms)
        {
            writer.Int(arm.Card?.Tenants ?? 0);
        }
    }

    private void ReadSharing(ref StateReader reader)
    {
        var (give, take, epsilon) = (reader.Bool(), reader.Bool(), reader.Double());
        var models = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var left = reader.Int(); left > 0; left--)
        {
            models[reader.Text()] = reader.Text();
        }

        var arms = Configuration!.Arms.ToArray();
        for (var a = 0; a < arms.Length; a++)
        {
            if (reader.Int() is > 0 and var tenants && arms[a].Card is { } card)
            {
                arms[a] = arms[a] with { Card = card with { Tenants = tenants } };
            }
        }

        Configuration = Configuration with { Arms = arms, Sharing = new SharingSettings { Give = give, Take = take, Epsilon = epsilon, Models = models } };
    }
}
