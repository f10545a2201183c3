using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Features;

/// <summary>
/// A tenant's map from a query to its context vector x = bias | structural | task | language | embedding | topic. Starts with constants that
/// suit any tenant and the embedding model's own reduction; a warm start replaces both by fitted ones.
/// </summary>
internal sealed class FeatureMap
{
    /// <summary>Topics, and with them the length of their block.</summary>
    private const int Topics = 24;

    // Written for the number of task slots in use: all are, and the counts of tags follow.
    private const int CountingTasks = TaskVocabulary.Slots + 1;

    // Structural entries say much the same, so each counts less than a component of the embedding.
    private const float StructuralShare = 0.3f;

    private readonly LinearReduction _modelReduction;
    private StructuralStandardization _standardization = StructuralStandardization.Default;
    private LinearReduction _reduction;
    private float[]? _fittedReduction;
    private TopicMap? _topics;
    private string _fit = "default";
    private (ContextParts Parts, string Schema) _schema;

    public FeatureMap(string embeddingModelId, LinearReduction reduction)
    {
        EmbeddingModelId = embeddingModelId;
        _modelReduction = reduction;
        _reduction = reduction;
    }

    /// <summary>Identity of the model that makes the embeddings.</summary>
    public string EmbeddingModelId { get; }

    /// <summary>Tags that own a slot.</summary>
    public TaskVocabulary Tasks { get; private set; } = new();

    /// <summary>Identity of the layout for these parts: vectors of equal schemas may be learned from together.</summary>
    public string Schema(ContextParts parts)
    {
        // Every decision and every reward asks for it.
        if (_schema.Schema is null || _schema.Parts != parts)
        {
            _schema = (parts, string.Create(CultureInfo.InvariantCulture, $"{SchemaOfModel(parts, _reduction.OutputDimensions, EmbeddingModelId)}{_modelReduction.Id}:{_fit}"));
        }

        return _schema.Schema;
    }

    /// <summary>Whether a schema is that of a map which was fitted as this one was, whatever the model's own reduction is called.</summary>
    public bool IsFittedAs(string schema, ContextParts parts) =>
        schema.StartsWith(SchemaOfModel(parts, _reduction.OutputDimensions, EmbeddingModelId), StringComparison.Ordinal)
        && schema.EndsWith($":{_fit}", StringComparison.Ordinal);

    /// <summary>Length of the reduced embedding that a schema names, whether or not contexts hold it; null when it is no schema.</summary>
    public static int? ReducedLengthOf(string schema) =>
        schema.Split(':') is [_, _, var lengths, ..] && lengths.Split('+') is [_, _, var reduced, _]
        && int.TryParse(reduced, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > 0 ? length : null;

    /// <summary>Whether the reduction was fitted to a tenant's queries; otherwise it is the model's own.</summary>
    public bool HasOwnReduction => _fittedReduction is not null;

    /// <summary>Lengths of the blocks for these parts.</summary>
    public ContextBlocks Blocks(ContextParts parts) => new(
        1,
        parts.HasFlag(ContextParts.Structural) ? StructuralFeatures.Count : 0,
        parts.HasFlag(ContextParts.Task) ? TaskVocabulary.Slots : 0,
        parts.HasFlag(ContextParts.Embedding) ? _modelReduction.OutputDimensions : 0,
        parts.HasFlag(ContextParts.Embedding) ? Topics : 0,
        parts.HasFlag(ContextParts.Language) ? LanguageFeatures.Count : 0);

    /// <summary>Computes x. A query without a tag, a language or an embedding has zeros there.</summary>
    public float[] Map(QueryFeatures features, ContextParts parts)
    {
        Check(features);
        var blocks = Blocks(parts);
        var x = new float[blocks.Dimension];
        x[0] = 1;
        var position = 1;
        if (blocks.Structural > 0)
        {
            _standardization.Apply(features.Structural, x.AsSpan(position));
            position += blocks.Structural;
        }

        if (blocks.Task > 0)
        {
            if (features.Task is { } task)
            {
                x[position + Tasks.SlotOf(task)] = 1;
            }

            position += blocks.Task;
        }

        if (blocks.Language > 0)
        {
            features.Language.CopyTo(x.AsSpan(position));
            position += blocks.Language;
        }

        if (blocks.Embedding > 0 && features.Embedding.Length > 0)
        {
            var reduced = x.AsSpan(position, blocks.Embedding);
            _reduction.Apply(features.Embedding, reduced);
            for (var j = 0; j < reduced.Length; j++)
            {
                reduced[j] = float.IsFinite(reduced[j]) ? Math.Clamp(reduced[j], -StructuralStandardization.Limit, StructuralStandardization.Limit) : 0;
            }

            _topics?.Apply(TopicPoint(features), x.AsSpan(position + blocks.Embedding));
        }

        return x;
    }

    /// <summary>Warm-start queries as a policy reads them.</summary>
    public IReadOnlyList<WarmStartRow> Map(IReadOnlyList<WarmStartQuery> queries, ContextParts parts) =>
        [.. queries.Select(q => new WarmStartRow(Map(q.Features, parts), q.Features.InputTokens, q.Rewards, q.Usage, q.CostUsd, q.LatencySeconds))];

    private float[] TopicPoint(QueryFeatures features)
    {
        var point = new float[StructuralFeatures.Count + _modelReduction.OutputDimensions];
        _standardization.Apply(features.Structural, point);
        for (var j = 0; j < StructuralFeatures.Count; j++)
        {
            point[j] *= StructuralShare;
        }

        _reduction.Apply(features.Embedding, point.AsSpan(StructuralFeatures.Count));
        return point;
    }

    /// <summary>Fits standardisation, reduction and tag slots to queries; an unfit query is an error before anything has changed.</summary>
    public void Fit(IReadOnlyList<QueryFeatures> queries)
    {
        foreach (var query in queries)
        {
            Check(query);
        }

        foreach (var query in queries)
        {
            if (query.Task is { } task)
            {
                Tasks.Add(task);
            }
        }

        _standardization = StructuralStandardization.Fit([.. queries.Select(q => q.Structural)]);
        var embeddings = queries.Select(q => q.Embedding).Where(e => e.Length > 0).ToList();
        if (PrincipalComponents.Fit(embeddings, _modelReduction.OutputDimensions) is { } components)
        {
            _fittedReduction = [components.Scale, .. components.Mean, .. components.Rows];
        }

        _fit = "fit-" + Fingerprint();
        _reduction = Rebuild();
        _schema = default;
        _topics = TopicMap.Fit([.. queries.Where(q => q.Embedding.Length > 0).Select(TopicPoint)], Topics);
    }

    public void Write(StateWriter writer)
    {
        writer.Section("features");
        writer.Text(_fit);
        writer.Int(Tasks.IsCounting ? CountingTasks : Tasks.Tags.Count);
        foreach (var tag in Tasks.Tags)
        {
            writer.Text(tag);
        }

        if (Tasks.IsCounting)
        {
            Tasks.WriteCounts(writer);
        }

        writer.Floats(_standardization.Constants());
        writer.Floats(_fittedReduction ?? []);
        writer.Floats(_topics?.Constants() ?? []);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("features");
        _fit = reader.Text();
        var count = reader.Int();
        var counting = count == CountingTasks;
        count = counting ? TaskVocabulary.Slots : count;
        if (count is < 0 or > TaskVocabulary.Slots)
        {
            throw new InvalidDataException($"Learned state is damaged: {count} task slots found, 0 to {TaskVocabulary.Slots} expected.");
        }

        Tasks = new TaskVocabulary();
        for (var i = 0; i < count; i++)
        {
            Tasks.Add(reader.Text());
        }

        if (counting)
        {
            Tasks.ReadCounts(ref reader);
        }

        var constants = reader.Floats();
        if (constants.Length != 2 * StructuralFeatures.Count)
        {
            throw new InvalidDataException($"Learned state does not fit: {2 * StructuralFeatures.Count} standardisation constants expected, {constants.Length} found.");
        }

        _standardization = StructuralStandardization.FromConstants(constants);
        var fitted = reader.Floats();
        var expected = 1 + _modelReduction.InputDimensions + (_modelReduction.InputDimensions * _modelReduction.OutputDimensions);
        if (fitted.Length != 0 && fitted.Length != expected)
        {
            throw new InvalidDataException($"Learned state does not fit: a fitted reduction has {fitted.Length} numbers, {expected} expected.");
        }

        _fittedReduction = fitted.Length == 0 ? null : fitted;
        _reduction = Rebuild();
        _schema = default;
        _topics = TopicMap.FromConstants(reader.Floats(), Topics, StructuralFeatures.Count + _modelReduction.OutputDimensions);
    }

    private static string SchemaOfModel(ContextParts parts, int reduced, string embeddingModelId) => string.Create(
        CultureInfo.InvariantCulture, $"x2:{(int)parts}:{StructuralFeatures.Count}+{TaskVocabulary.Slots}+{reduced}+{Topics}:{embeddingModelId}:");

    private LinearReduction Rebuild() => _fittedReduction is not { } f
        ? _modelReduction
        : new LinearReduction(
            _fit,
            _modelReduction.InputDimensions,
            f.AsSpan(1 + _modelReduction.InputDimensions),
            f.AsSpan(1, _modelReduction.InputDimensions),
            f[0]);

    private string Fingerprint()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new StateWriter(buffer);
        writer.Floats(_standardization.Constants());
        writer.Floats(_fittedReduction ?? []);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan))[..16];
    }

    private void Check(QueryFeatures features)
    {
        if (!features.HasLegalLengths)
        {
            throw new ArgumentException(
                $"Structural has {features.Structural.Length} entries; {StructuralFeatures.Count} are needed, and {LanguageFeatures.Count} more where the language is known.", nameof(features));
        }

        if (features.Embedding.Length != 0 && features.Embedding.Length != _modelReduction.InputDimensions)
        {
            throw new ArgumentException(
                $"Embedding has {features.Embedding.Length} entries; model {EmbeddingModelId} gives {_modelReduction.InputDimensions}.", nameof(features));
        }

        if (!FiniteNumbers.Are(features.Structural) || !FiniteNumbers.Are(features.Embedding))
        {
            throw new ArgumentException("Structural and Embedding must hold finite numbers only.", nameof(features));
        }

        if (!(features.InputTokens >= 1) || !double.IsFinite(features.InputTokens))
        {
            throw new ArgumentException($"InputTokens is {features.InputTokens}; it must be finite and at least 1.", nameof(features));
        }
    }
}
