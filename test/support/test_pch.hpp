// Precompiled header of the test binary.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pch.hpp"
