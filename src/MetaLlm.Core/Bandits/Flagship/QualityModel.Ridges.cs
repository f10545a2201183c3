using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <content>Ridges of the arms that follow the rewards, in a cold tenant.</content>
internal sealed partial class QualityModel
{
    private readonly EmpiricalRidges? _ridges;

    // Every arm's matrix is Lambda + G. With another Lambda, G and b stay what they are, so that it is as if the new one had held from the start.
    private void MoveRidges(EmpiricalRidges ridges)
    {
        if (HasCards)
        {
            Believe();
        }

        var grams = new List<double[]>();
        var moments = new List<double[]>();
        var counted = new List<(int Arm, double[] Sum)>();
        for (var a = 0; a < _arms.Length; a++)
        {
            // A quiz has shaped an arm's prior in other ways than by a diagonal: such an arm keeps it.
            if (_arms[a].QuizRows == 0)
            {
                var (inverse, sum) = (new double[PackedMatrix.Length(_n)], new double[_n]);
                _matrices.Get(a, inverse, sum);
                var gram = Rows(inverse);
                PackedMatrix.Multiply(gram, Centre(a), _scratch);
                moments.Add([.. sum.Select((s, i) => s - _scratch[i])]);
                grams.Add(gram);
                counted.Add((a, sum));
            }
        }

        var formers = _arms.Where(arm => arm is { QuizRows: 0, Former: not null }).Select(arm => (arm.Former!.Inverse, Gram: Rows(arm.Former.Inverse))).ToArray();
        var before = (double[])_coldPrecision.Clone();
        ridges.Move(_coldPrecision, grams, moments, _residualSquares / _residualCount);
        if (_coldPrecision.AsSpan().SequenceEqual(before))
        {
            return;
        }

        for (var i = 0; i < counted.Count; i++)
        {
            _matrices.Set(counted[i].Arm, Inverse(grams[i]), counted[i].Sum);
        }

        foreach (var (inverse, gram) in formers)
        {
            Inverse(gram).CopyTo(inverse, 0);
        }

        for (var a = 0; a < _arms.Length; a++)
        {
            if (_arms[a].QuizRows > 0)
            {
                var inverse = new double[PackedMatrix.Length(_n)];
                _matrices.Get(a, inverse, _scratch);
                KeepPrediction(_arms[a].Mean, inverse, before);
                if (_arms[a].Former is { } former)
                {
                    KeepPrediction(former.Mean, former.Inverse, before);
                }
            }
        }
    }

    private double[] Rows(double[] inverse)
    {
        var gram = PackedMatrix.Invert(inverse, _n);
        PackedMatrix.AddDiagonal(gram, _coldPrecision.AsSpan(0, _n), -1);
        return gram;
    }

    private double[] Inverse(double[] gram)
    {
        PackedMatrix.AddDiagonal(gram, _coldPrecision.AsSpan(0, _n));
        return PackedMatrix.Invert(gram, _n);
    }

    // P_a Lambda w is added to the mean: what the new Lambda adds beyond the old one is taken from it.
    private void KeepPrediction(double[] mean, double[] inverse, double[] before)
    {
        var added = new double[_n];
        for (var i = 0; i < _n; i++)
        {
            added[i] = (_coldPrecision[i] - before[i]) * _pooled[i];
        }

        PackedMatrix.Multiply(inverse, added, _scratch);
        Kernels.MultiplyAdd(_scratch, -1, mean.AsSpan(0, _n));
    }
}
